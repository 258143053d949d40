namespace Perennial.Server.Mqtt;

/// <summary>The peer sent what MQTT 3.1.1 or our bounds forbid; the connection ends.</summary>
internal sealed class MqttProtocolException : Exception
{
    public MqttProtocolException(string message)
        : base(message)
    {
    }

    public MqttProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The CONNECT asks for another protocol than MQTT 3.1.1; the one fault that has an answer (CONNACK 1).</summary>
    public bool IsUnknownProtocolLevel { get; init; }
}
