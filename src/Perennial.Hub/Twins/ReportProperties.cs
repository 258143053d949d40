using System.Text.Json;
using Perennial.Hub.Devices;

namespace Perennial.Hub.Twins;

/// <summary>A device reports properties.</summary>
public sealed class ReportProperties(ITwinStore twins, TimeProvider time)
{
    /// <param name="id">The device.</param>
    /// <param name="patch">What it reports.</param>
    /// <param name="expectedVersion">The version of the reported properties that the device believes in; null takes any.</param>
    /// <param name="cancellationToken">Stops waiting; a write already taken up is still done.</param>
    /// <returns>What became of it; null when there is no such device.</returns>
    public async Task<TwinChange?> RunAsync(DeviceId id, JsonElement patch, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (!TwinPatch.TryCreate(patch, out var checkedPatch, out var fault))
        {
            return new TwinChange.Refused(fault);
        }

        return await twins.ChangeAsync(
            id,
            twin => expectedVersion is { } expected && expected != twin.Reported.Version
                ? new TwinChange.Refused(new TwinFault(
                    TwinFaultKind.PreconditionFailed, $"The reported properties are at version {twin.Reported.Version}, not {expected}."))
                : twin.Report(checkedPatch, time.GetUtcNow()),
            cancellationToken);
    }
}
