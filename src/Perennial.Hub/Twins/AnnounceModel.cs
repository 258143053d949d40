using Perennial.Hub.Devices;

namespace Perennial.Hub.Twins;

/// <summary>A device that connects says which Plug and Play model it is of; the twin keeps the last one said.</summary>
public sealed class AnnounceModel(ITwinStore twins)
{
    /// <summary>The longest model id that is kept, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>Writes only when the model is another than the one kept.</summary>
    public async Task RunAsync(DeviceId id, string? modelId, CancellationToken cancellationToken)
    {
        if (modelId is not { Length: > 0 and <= MaxLength } || await twins.FindAsync(id, cancellationToken) is not { } twin || Is(twin))
        {
            return;
        }

        await twins.ChangeAsync(id, stored => new TwinChange.Changed(Is(stored) ? stored : stored.Announce(modelId), null), cancellationToken);

        bool Is(Twin known) => string.Equals(known.ModelId, modelId, StringComparison.Ordinal);
    }
}
