using Perennial.Hub.Devices;
using Perennial.Hub.Messages;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Hub;
using TelemetryMessage = Perennial.Hub.Messages.TelemetryMessage;

namespace Perennial.Server.Hubs;

/// <summary>Makes the messages of one accepted device: what it sent, with what the hub knows of the sender.</summary>
internal sealed class DeviceMessages(DeviceVerdict.Accepted verdict, string? modelId, TimeProvider time)
{
    private readonly AuthenticationMethod _authentication = AuthenticationMethod.Of(verdict.Proof, verdict.Device.Id.IsModule);

    private DeviceIdentity Device => verdict.Device;

    public TelemetryMessage Create(MessageProperties properties, ReadOnlyMemory<byte> body) => new()
    {
        Device = Device.Id,
        Generation = Device.GenerationId,
        Authentication = _authentication,
        SystemProperties = modelId is null
            ? properties.System
            : new Dictionary<string, string?>(properties.System, StringComparer.Ordinal) { [StampedProperty.DataSchema] = modelId },
        Properties = properties.Application,
        Body = body,
        Enqueued = time.GetUtcNow(),
    };
}
