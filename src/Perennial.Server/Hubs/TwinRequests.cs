using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Twins;
using Perennial.Protocol.Hub;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Hubs;

/// <summary>The twin requests of one device. A database that is away is told as such.</summary>
internal sealed class TwinRequests(ServedHub hub, DeviceIdentity device, TimeProvider time)
{
    /// <summary>The longest body of a change: the greatest section with its punctuation.</summary>
    private const int MaxBody = 128 * 1024;

    private readonly DeviceId _id = device.Id;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    public Task<TwinAnswer> GetAsync(CancellationToken cancellationToken) => GuardAsync(
        HubOperation.TwinRead, async () => await hub.Twins.FindAsync(_id, cancellationToken) is { } twin ? TwinAnswer.Whole(twin) : Gone());

    public Task<TwinAnswer> ReportAsync(long? version, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => GuardAsync(
        HubOperation.TwinUpdate,
        async () =>
        {
            if (body.Length > MaxBody)
            {
                return Error(HubError.MessageTooLarge, "The body is too long.");
            }

            if (!TryParse(body, out var patch))
            {
                return Error(HubError.FormatError, "The body is not JSON.");
            }

            switch (await hub.Report.RunAsync(_id, patch, version, cancellationToken))
            {
                case TwinChange.Changed changed:
                    await hub.Rolls.RunAsync(device, patch, changed.Next, cancellationToken);
                    return TwinAnswer.Reported(changed.Next.Reported.Version);
                case TwinChange.Refused refused:
                    return TwinAnswer.Error(refused.Fault, time.GetUtcNow());
                default:
                    return Gone();
            }
        });

    private TwinAnswer Gone() => Error(HubError.DeviceNotFound, "The device is gone.");

    private TwinAnswer Error(HubError error, string message) => TwinAnswer.Error(error, message, time.GetUtcNow());

    private async Task<TwinAnswer> GuardAsync(HubOperation operation, Func<Task<TwinAnswer>> work)
    {
        try
        {
            return hub.Limits.TryPass(operation, out var wait)
                ? await work()
                : Error(HubError.Throttled, $"Try again in {Math.Ceiling(wait.TotalSeconds)} s.");
        }
        catch (StorageUnavailableException)
        {
            return Error(HubError.ServiceUnavailable, "The hub's storage does not answer.");
        }
    }

    private static bool TryParse(ReadOnlyMemory<byte> body, out JsonElement json)
    {
        try
        {
            json = JsonElement.Parse(body.Span, Strict);
            return true;
        }
        catch (JsonException)
        {
            json = default;
            return false;
        }
    }
}
