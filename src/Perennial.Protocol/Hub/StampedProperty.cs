namespace Perennial.Protocol.Hub;

/// <summary>Names of the properties the hub itself writes on a message; never taken from a device. Source: hub-protocol §1.10, §1.7.</summary>
public static class StampedProperty
{
    /// <summary>The device that is authenticated.</summary>
    public const string ConnectionDeviceId = "iothub-connection-device-id";

    /// <summary>The module that is authenticated; missing on a message of a device.</summary>
    public const string ConnectionModuleId = "iothub-connection-module-id";

    /// <summary>The generation of the device identity.</summary>
    public const string ConnectionGenerationId = "iothub-connection-auth-generation-id";

    /// <summary>How it authenticated, see <see cref="Hub.ConnectionAuthMethod"/>.</summary>
    public const string ConnectionAuthMethod = "iothub-connection-auth-method";

    /// <summary>When the message was stored.</summary>
    public const string EnqueuedTime = "iothub-enqueuedtime";

    /// <summary>The kind of message; <see cref="TelemetrySource"/> for what devices send.</summary>
    public const string MessageSource = "iothub-message-source";

    /// <summary>The Plug and Play model of the device.</summary>
    public const string DataSchema = "dt-dataschema";

    /// <summary>An application property: <c>Will</c> on a message that is a last will.</summary>
    public const string MessageType = "iothub-MessageType";

    /// <summary>An application property: <c>true</c> on a message published with the retain flag.</summary>
    public const string Retain = "mqtt-retain";

    /// <summary>The message source of telemetry.</summary>
    public const string TelemetrySource = "Telemetry";
}
