namespace Perennial.Server.Mqtt;

/// <summary>What a connection becomes by its CONNECT: one of the provisioning service or one of a hub.</summary>
internal interface IDeviceSession
{
    /// <summary>Answers the CONNECT and speaks until either end is done; the connection is closed afterwards.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="stopping">The server drains.</param>
    /// <exception cref="MqttProtocolException">The peer broke the protocol.</exception>
    Task RunAsync(DeviceConnection connection, CancellationToken stopping);
}
