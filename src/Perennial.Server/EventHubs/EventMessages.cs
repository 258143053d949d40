using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Hub.Messages;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;

namespace Perennial.Server.EventHubs;

/// <summary>Messages of the feed as readers of an event hub get them (hub-protocol §5.5).</summary>
internal static class EventMessages
{
    public static Message Of(FeedEntry entry)
    {
        var message = entry.Message;
        var event_ = new Message
        {
            MessageAnnotations = Annotations(entry),
            Properties = new Properties(),
            BodySection = new Data { Binary = message.Body.ToArray() },
        };
        foreach (var (name, value) in message.SystemProperties)
        {
            if (value is not null && !TrySet(event_.Properties, name, value))
            {
                event_.MessageAnnotations[new Symbol(SystemProperty.Find(name)?.Header ?? name)] = value;
            }
        }

        if (message.Properties.Count > 0)
        {
            event_.ApplicationProperties = new ApplicationProperties();
            foreach (var (name, value) in message.Properties)
            {
                event_.ApplicationProperties[name] = value;
            }
        }

        return event_;
    }

    private static MessageAnnotations Annotations(FeedEntry entry)
    {
        var message = entry.Message;

        // Whole milliseconds, rounded down, so that a reader who asks from this time on gets this message.
        var enqueued = DateTimeOffset.FromUnixTimeMilliseconds(message.Enqueued.ToUnixTimeMilliseconds()).UtcDateTime;
        var annotations = new MessageAnnotations
        {
            [new Symbol("x-opt-sequence-number")] = entry.Sequence,
            [new Symbol("x-opt-offset")] = entry.Sequence.ToString(CultureInfo.InvariantCulture),
            [new Symbol("x-opt-enqueued-time")] = enqueued,
            [new Symbol("x-opt-partition-key")] = message.Device.Device,
            [new Symbol(StampedProperty.EnqueuedTime)] = enqueued,
        };
        foreach (var (name, value) in StampedProperties.Of(message))
        {
            annotations[new Symbol(name)] = value;
        }

        return annotations;
    }

    /// <returns>Whether the section of properties has a place for it.</returns>
    private static bool TrySet(Properties properties, string name, string value)
    {
        if (name == SystemProperty.MessageId.Name)
        {
            properties.MessageId = value;
        }
        else if (name == SystemProperty.CorrelationId.Name)
        {
            properties.CorrelationId = value;
        }
        else if (name == SystemProperty.UserId.Name)
        {
            properties.UserId = Encoding.UTF8.GetBytes(value);
        }
        else if (name == SystemProperty.To.Name)
        {
            properties.To = value;
        }
        else if (name == SystemProperty.ContentType.Name)
        {
            properties.ContentType = value;
        }
        else if (name == SystemProperty.ContentEncoding.Name)
        {
            properties.ContentEncoding = value;
        }
        else
        {
            return false;
        }

        return true;
    }
}
