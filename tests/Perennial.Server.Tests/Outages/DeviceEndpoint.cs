using Perennial.Server.Instances;

namespace Perennial.Server.Tests.Outages;

/// <summary>What a device must know of a server on the loopback.</summary>
internal sealed record DeviceEndpoint(string TrustBundle, int MqttPort, string IdScope)
{
    public static DeviceEndpoint Of(Instance instance) => new(instance.TrustBundle, instance.Document.Ports.Mqtt, instance.Document.IdScope);
}
