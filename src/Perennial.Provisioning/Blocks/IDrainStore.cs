using Perennial.X509;

namespace Perennial.Provisioning.Blocks;

/// <summary>Storage of the order in which the devices of drains obtain their certificates.</summary>
public interface IDrainStore
{
    /// <summary>So long a device waits whose drain is not ordered yet.</summary>
    static readonly TimeSpan UntilOrdered = TimeSpan.FromSeconds(5);

    /// <summary>Asks for the turn of a device, and takes it when it has come.</summary>
    /// <param name="drain">The drain.</param>
    /// <param name="device">The device.</param>
    /// <param name="leaf">What it came with; null for a key.</param>
    /// <param name="at">Now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<DrainTurn> TakeAsync(Block drain, RegistrationId device, Thumbprint? leaf, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Drains whose devices are not in order yet.</summary>
    Task<IReadOnlyList<Block>> ListUnorderedAsync(CancellationToken cancellationToken);

    /// <summary>Notes devices of a drain, by registration id; noting one again changes nothing that it has.</summary>
    Task NoteAsync(Block drain, IReadOnlyList<string> devices, CancellationToken cancellationToken);

    /// <summary>Puts the devices that were noted in order: from now on they have their turns.</summary>
    Task OrderAsync(Block drain, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>How far a drain is; null when there is none.</summary>
    Task<DrainProgress?> ReadAsync(BlockKind kind, string name, CancellationToken cancellationToken);
}
