using System.Text.Json;
using MQTTnet.Packets;
using Perennial.Hub.Twins;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Mqtt;

/// <summary>The twin requests of one device.</summary>
internal sealed class TwinRequests(ServedHub hub, DeviceId id, TimeProvider time)
{
    /// <summary>The longest body of a change: the greatest section with its punctuation.</summary>
    private const int MaxBody = 128 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Does the work; a database that is away is told as such.</summary>
    public async Task<MqttPublishPacket> AnswerAsync(string requestId, Func<Task<MqttPublishPacket>> work)
    {
        try
        {
            return await work();
        }
        catch (StorageUnavailableException)
        {
            return TwinReplies.Error(requestId, HubError.ServiceUnavailable, "The hub's storage does not answer.", time.GetUtcNow());
        }
    }

    public async Task<MqttPublishPacket> GetAsync(string requestId, CancellationToken cancellationToken) =>
        !hub.Limits.TryPass(HubOperation.TwinRead, out var wait) ? Throttle(requestId, wait)
            : await hub.Twins.FindAsync(id, cancellationToken) is { } twin
            ? TwinReplies.Twin(requestId, twin)
            : TwinReplies.Error(requestId, HubError.DeviceNotFound, "The device is gone.", time.GetUtcNow());

    public async Task<MqttPublishPacket> ReportAsync(
        string requestId, long? version, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!hub.Limits.TryPass(HubOperation.TwinUpdate, out var wait))
        {
            return Throttle(requestId, wait);
        }

        if (body.Length > MaxBody)
        {
            return TwinReplies.Error(requestId, HubError.MessageTooLarge, "The body is too long.", time.GetUtcNow());
        }

        if (!TryParse(body, out var patch))
        {
            return TwinReplies.Error(requestId, HubError.FormatError, "The body is not JSON.", time.GetUtcNow());
        }

        return await hub.Report.RunAsync(id, patch, version, cancellationToken) switch
        {
            TwinChange.Changed changed => TwinReplies.Reported(requestId, changed.Next.Reported.Version),
            TwinChange.Refused refused => TwinReplies.Error(requestId, refused.Fault, time.GetUtcNow()),
            _ => TwinReplies.Error(requestId, HubError.DeviceNotFound, "The device is gone.", time.GetUtcNow()),
        };
    }

    private MqttPublishPacket Throttle(string requestId, TimeSpan wait) =>
        TwinReplies.Error(requestId, HubError.Throttled, $"Try again in {Math.Ceiling(wait.TotalSeconds)} s.", time.GetUtcNow());

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
