using System.Text.Json;
using Perennial.Hub.Devicebound;
using Perennial.Hub.Devices;
using Perennial.Hub.Messages;
using Perennial.Hub.Twins;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Records of a hub to store.</summary>
internal static class HubSamples
{
    public static DeviceId Id(string text) => DeviceId.TryParseIdentity(text, out var id) ? id : throw new ArgumentException(text);

    public static DeviceIdentity Device(string id, string etag = "1", DeviceCredential? credential = null) => new()
    {
        Id = Id(id),
        GenerationId = "638000000000000000",
        ETag = etag,
        Credential = credential ?? new DeviceCredential.CertificateAuthority(),
        Created = Samples.At,
    };

    public static DeviceCredential Thumbprints(string? primary, string? secondary) =>
        DeviceCredential.Thumbprints.TryCreate(primary, secondary, out var credential) ? credential : throw new ArgumentException(primary);

    public static TwinPatch Patch(string json) =>
        TwinPatch.TryCreate(JsonElement.Parse(json), out var patch, out var fault) ? patch : throw new ArgumentException(fault.Message);

    public static TelemetryMessage Message(string device, int length = 10, IReadOnlyDictionary<string, string?>? properties = null) => new()
    {
        Device = Id(device),
        Generation = "638000000000000000",
        Authentication = new AuthenticationMethod("device", "x509", "iothub"),
        SystemProperties = new Dictionary<string, string?>(),
        Properties = properties ?? new Dictionary<string, string?>(),
        Body = Enumerable.Range(0, length).Select(i => (byte)i).ToArray(),
        Enqueued = Samples.At,
    };

    /// <summary>A message that lives for an hour.</summary>
    public static DeviceboundMessage ToDevice(string device, string messageId, DateTimeOffset now) => new()
    {
        Device = Id(device),
        Generation = "638000000000000000",
        MessageId = messageId,
        Body = new byte[] { 1, 2, 3 },
        Enqueued = now,
        Expires = now.AddHours(1),
    };
}
