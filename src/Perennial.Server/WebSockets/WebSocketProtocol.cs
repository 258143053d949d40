namespace Perennial.Server.WebSockets;

/// <summary>The names of sub-protocols, as the clients' documentation spells them.</summary>
internal static class WebSocketProtocol
{
    public const string Mqtt = "mqtt";

    public const string Amqp = "AMQPWSB10";
}
