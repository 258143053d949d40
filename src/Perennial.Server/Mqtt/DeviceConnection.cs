using MQTTnet.Packets;
using Perennial.Server.Connections;

namespace Perennial.Server.Mqtt;

/// <summary>One MQTT connection whose CONNECT has come; nothing is answered yet.</summary>
/// <param name="Channel">Its packets.</param>
/// <param name="Connect">Its CONNECT, not yet judged.</param>
/// <param name="Presented">What came with the TLS handshake.</param>
/// <param name="ServerName">The host name of the handshake (SNI), when the peer sent one.</param>
internal sealed record DeviceConnection(MqttChannel Channel, MqttConnectPacket Connect, PresentedCertificates Presented, string? ServerName);
