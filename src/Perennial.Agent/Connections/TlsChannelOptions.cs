using System.Net;
using MQTTnet;

namespace Perennial.Agent.Connections;

/// <summary>Stands where the library wants options for a channel; ours are in <see cref="TlsChannel"/>.</summary>
internal sealed class TlsChannelOptions : IMqttClientChannelOptions
{
    public EndPoint? RemoteEndpoint { get; init; }

    public MqttClientTlsOptions TlsOptions { get; } = new();
}
