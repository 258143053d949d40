using MQTTnet.Protocol;

namespace Perennial.Server.Mqtt;

/// <summary>Answers connections to a hub while none is composed: come again.</summary>
internal sealed class NoHubSession : IDeviceSession
{
    public async Task RunAsync(DeviceConnection connection, CancellationToken stopping) =>
        await connection.Channel.SendAsync(
            DeviceConnectionHandler.Answer(MqttConnectReturnCode.ConnectionRefusedServerUnavailable), stopping);
}
