using System.Globalization;
using Amqp;
using Amqp.Framing;
using Perennial.Hub.Devicebound;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;
using WireDeviceId = Perennial.Protocol.Hub.DeviceId;

namespace Perennial.Server.Amqp;

/// <summary>Reads messages to devices as back ends write them (hub-protocol §5.2).</summary>
internal static class DeviceboundText
{
    public static bool TryRead(Message message, [NotNullWhen(true)] out OutgoingMessage? outgoing, [NotNullWhen(false)] out string? fault)
    {
        outgoing = null;
        var properties = message.Properties ?? new Properties();
        if (!TryReadDevice(properties.To, out var device))
        {
            fault = "The address in 'to' is not that of a device: /devices/{device id}/messages/devicebound.";
            return false;
        }

        var application = Application(message);
        if (!DeviceboundContent.TryReadAck(application.GetValueOrDefault(SystemProperty.Ack.Name), out var feedback))
        {
            fault = "iothub-ack is one of none, positive, negative, full.";
            return false;
        }

        application.Remove(SystemProperty.Ack.Name);
        DateTimeOffset? expires = properties.HasField(ExpiryField) ? new DateTimeOffset(properties.AbsoluteExpiryTime.ToUniversalTime()) : null;
        outgoing = new OutgoingMessage
        {
            Device = device,
            MessageId = Text(properties.GetMessageId()) is { Length: > 0 } id ? id : null,
            Expires = expires,
            Feedback = feedback,
            SystemProperties = System(properties, expires),
            Properties = application,
            Body = Body(message),
        };
        fault = null;
        return application.Count + outgoing.SystemProperties.Count <= MessageProperties.MaxCount || TooMany(out fault);
    }

    /// <summary>Whether every transport can carry the properties; MQTT writes them in a topic.</summary>
    public static bool Fits(OutgoingMessage message) =>
        WireDeviceId.TryParse(message.Device.Device, out var device)
        && DeviceboundTopic.Message(
            device,
            new MessageProperties(message.SystemProperties, message.Properties).With(SystemProperty.MessageId, message.MessageId),
            message.Device.Module).Length <= HubTopic.MaxLength - Spare;

    // The field of absolute-expiry-time in the properties (AMQP 1.0 §3.2.4), and room for what the hub itself adds to a topic.
    private const int ExpiryField = 8;
    private const int Spare = 128;

    private static bool TooMany(out string? fault)
    {
        fault = $"A message has at most {MessageProperties.MaxCount} properties.";
        return false;
    }

    private static bool TryReadDevice(string? to, [NotNullWhen(true)] out DeviceId? device)
    {
        device = null;
        return AmqpAddress.TryParse(to, out var address)
            && (address.Is("devices", "*", "messages", "devicebound") ? DeviceId.TryParse(address.Path[1], out device)
                : address.Is("devices", "*", "modules", "*", "messages", "devicebound")
                    && DeviceId.TryParse(address.Path[1], address.Path[3], out device));
    }

    private static Dictionary<string, string?> System(Properties properties, DateTimeOffset? expires)
    {
        var system = new Dictionary<string, string?>(StringComparer.Ordinal);
        Add(SystemProperty.CorrelationId, Text(properties.GetCorrelationId()));
        Add(SystemProperty.UserId, properties.UserId is { } user ? Encoding.UTF8.GetString(user) : null);
        Add(SystemProperty.ContentType, Text(properties.ContentType));
        Add(SystemProperty.ContentEncoding, Text(properties.ContentEncoding));
        Add(SystemProperty.Expiry, expires is { } at ? WireTime.Format(at) : null);
        return system;

        void Add(SystemProperty property, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                system[property.Name] = value;
            }
        }
    }

    private static Dictionary<string, string?> Application(Message message)
    {
        var application = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (key, value) in message.ApplicationProperties?.Map ?? [])
        {
            if (Text(key) is { Length: > 0 } name)
            {
                application[name] = Text(value);
            }
        }

        return application;
    }

    private static ReadOnlyMemory<byte> Body(Message message) => message.BodySection switch
    {
        Data data => data.Binary,
        AmqpValue { Value: byte[] bytes } => bytes,
        AmqpValue { Value: string text } => Encoding.UTF8.GetBytes(text),
        _ => default,
    };

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        DateTime at => WireTime.Format(at.ToUniversalTime()),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
