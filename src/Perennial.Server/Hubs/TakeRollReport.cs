using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Twins;
using Perennial.Protocol.Rolling;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Hubs;

/// <summary>A device reports how its roll goes: the rolls that it belongs to are told.</summary>
internal sealed class TakeRollReport(IRollStore rolls)
{
    /// <param name="device">Who reports.</param>
    /// <param name="patch">What it reports now; the rest of its properties is as before.</param>
    /// <param name="twin">The twin with it.</param>
    /// <param name="cancellationToken">Stops before the write is taken up.</param>
    public async Task RunAsync(DeviceIdentity device, JsonElement patch, Twin twin, CancellationToken cancellationToken)
    {
        if (device.Id.IsModule || !patch.TryGetProperty(RollReportDocument.Member, out _))
        {
            return;
        }

        var registration = (device.Credential as DeviceCredential.FollowsEnrollment)?.RegistrationId ?? device.Id.Value;
        await rolls.NoteReportAsync(registration, RollReportDocument.FindFailure(twin.Reported.Values), cancellationToken);
    }
}
