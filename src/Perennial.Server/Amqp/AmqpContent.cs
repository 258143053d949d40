using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Protocol;
using Perennial.Protocol.Hub;

namespace Perennial.Server.Amqp;

/// <summary>The content of hub messages between AMQP's sections and the hub's own words (hub-protocol §3.4).</summary>
internal static class AmqpContent
{
    /// <summary>A message whose body is several encoded messages.</summary>
    public const uint BatchFormat = 0x80013700;

    private const string OutputName = "iothub-outputname";

    private static readonly string[] Annotated = [SystemProperty.InterfaceId.BagKey, SystemProperty.Subject.Name];

    private static readonly Symbol InterfaceId = new(SystemProperty.InterfaceId.Header!);

    private static readonly Symbol Subject = new(SystemProperty.Subject.Name);

    /// <summary>The bytes of the body, whichever section holds them; a value may be text or bytes.</summary>
    public static bool TryReadBody(Message message, out ReadOnlyMemory<byte> body)
    {
        (body, var isRead) = message.BodySection switch
        {
            null => (default, true),
            Data data => (BytesOf(data), true),
            DataList list => (BytesOf(list), true),
            AmqpValue { Value: byte[] bytes } => (bytes, true),
            AmqpValue { Value: string text } => (Encoding.UTF8.GetBytes(text), true),
            AmqpValue { Value: null } => (default, true),
            _ => (default(ReadOnlyMemory<byte>), false),
        };
        return isRead;
    }

    /// <summary>The messages of a batch, each as it was encoded.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Batched(Message message) => message.BodySection switch
    {
        Data data => [BytesOf(data)],
        DataList list => Enumerable.Range(0, list.Count).Select(i => BytesOf(list[i])),
        _ => [],
    };

    /// <summary>What goes along with the body.</summary>
    public static MessageProperties PropertiesOf(Message message)
    {
        var system = new Dictionary<string, string?>(StringComparer.Ordinal);
        var application = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (message.Properties is { } properties)
        {
            AddSystem(properties, system);
        }

        AddAnnotation(message.MessageAnnotations, InterfaceId, SystemProperty.InterfaceId, system);
        AddAnnotation(message.MessageAnnotations, Subject, SystemProperty.Subject, system);
        foreach (var (key, value) in message.ApplicationProperties?.Map ?? [])
        {
            var name = TextOf(key) ?? string.Empty;
            if (name == OutputName)
            {
                system[SystemProperty.OutputName.Name] = TextOf(value);
            }
            else if (!name.StartsWith('$') && !Annotated.Contains(name) && SystemProperty.FindByBagKey(name) is { } known)
            {
                system[known.Name] = TextOf(value);
            }
            else
            {
                application[name] = TextOf(value);
            }
        }

        return new MessageProperties(system, application);
    }

    /// <summary>A value of AMQP as the hub keeps it: text.</summary>
    public static string? TextOf(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime at => WireTime.Format(new DateTimeOffset(at, TimeSpan.Zero)),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Puts a message for the peer together.</summary>
    public static Message Create(MessageProperties content, ReadOnlyMemory<byte> body)
    {
        var message = new Message { BodySection = new Data { Binary = body.ToArray() }, Properties = PropertiesOf(content), ApplicationProperties = new ApplicationProperties() };
        if (content[SystemProperty.Ack] is { } ack)
        {
            message.ApplicationProperties[SystemProperty.Ack.Name] = ack;
        }

        foreach (var (name, value) in content.Application)
        {
            message.ApplicationProperties[name] = value ?? string.Empty;
        }

        return message;
    }

    private static Properties PropertiesOf(MessageProperties content)
    {
        var properties = new Properties
        {
            MessageId = content[SystemProperty.MessageId],
            To = content[SystemProperty.To],
            CorrelationId = content[SystemProperty.CorrelationId],
        };
        if (content[SystemProperty.UserId] is { } user)
        {
            properties.UserId = Encoding.UTF8.GetBytes(user);
        }

        if (content[SystemProperty.ContentType] is { } type)
        {
            properties.ContentType = new Symbol(type);
        }

        if (content[SystemProperty.ContentEncoding] is { } encoding)
        {
            properties.ContentEncoding = new Symbol(encoding);
        }

        if (WireTime.TryParse(content[SystemProperty.Expiry], out var expiry))
        {
            properties.AbsoluteExpiryTime = expiry.UtcDateTime;
        }

        return properties;
    }

    private static void AddSystem(Properties properties, Dictionary<string, string?> system)
    {
        (SystemProperty Property, object? Value)[] values =
        [
            (SystemProperty.MessageId, properties.GetMessageId()),
            (SystemProperty.UserId, properties.UserId),
            (SystemProperty.To, properties.To),
            (SystemProperty.CorrelationId, properties.GetCorrelationId()),
            (SystemProperty.ContentType, properties.ContentType),
            (SystemProperty.ContentEncoding, properties.ContentEncoding),
            (SystemProperty.Expiry, properties.HasField(8) ? properties.AbsoluteExpiryTime : null),
            (SystemProperty.CreationTime, properties.HasField(9) ? properties.CreationTime : null),
        ];
        foreach (var (property, value) in values)
        {
            if (value is not null)
            {
                system[property.Name] = TextOf(value);
            }
        }
    }

    private static void AddAnnotation(MessageAnnotations? annotations, Symbol name, SystemProperty property, Dictionary<string, string?> system)
    {
        if (annotations?[name] is { } value)
        {
            system[property.Name] = TextOf(value);
        }
    }

    private static ReadOnlyMemory<byte> BytesOf(Data data) =>
        data.Buffer is { } buffer ? buffer.Buffer.AsMemory(buffer.Offset, buffer.Length) : data.Binary;

    private static ReadOnlyMemory<byte> BytesOf(DataList list)
    {
        using var bytes = new MemoryStream();
        for (var i = 0; i < list.Count; i++)
        {
            bytes.Write(BytesOf(list[i]).Span);
        }

        return bytes.ToArray();
    }
}
