using Perennial.Provisioning.Blocks;
using Perennial.X509;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Gives each device the turn that the test says.</summary>
public sealed class MemoryDrains : IDrainStore
{
    public DrainTurn Turn { get; set; } = new DrainTurn.Granted();

    public Task<DrainTurn> TakeAsync(Block drain, RegistrationId device, Thumbprint? leaf, DateTimeOffset at, CancellationToken cancellationToken) =>
        Task.FromResult(Turn);

    public Task<IReadOnlyList<Block>> ListUnorderedAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Block>>([]);

    public Task NoteAsync(Block drain, IReadOnlyList<string> devices, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task OrderAsync(Block drain, DateTimeOffset at, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<DrainProgress?> ReadAsync(BlockKind kind, string name, CancellationToken cancellationToken) => Task.FromResult<DrainProgress?>(null);
}
