using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Server.Amqp;
using Perennial.Server.Hubs;

namespace Perennial.Server.EventHubs;

/// <summary><c>$management</c>: tells readers of the entity and its one partition (hub-protocol §5.5).</summary>
internal sealed class ManagementNode(EventHubAccess access) : IAmqpNode, IIncomingEndpoint
{
    private const string Address = "$management";
    private const string EventHub = "com.microsoft:eventhub";
    private const string PartitionType = "com.microsoft:partition";

    private readonly ReplyLinks _replies = new();

    public ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AttachAnswer?>(
            request.Address.Path is not [.., Address] ? null
            : request.PeerSends ? new AttachAnswer.Receiving(this)
            : new AttachAnswer.Sending(_replies.Open()));

    public async Task<Outcome> TakeAsync(IncomingMessage message)
    {
        var request = message.Decode();
        var (status, description, body) = await AnswerAsync(request.ApplicationProperties);
        var answer = new Message
        {
            ApplicationProperties = new ApplicationProperties { ["status-code"] = status, ["status-description"] = description },
            BodySection = new AmqpValue { Value = body },
        };
        _replies.Post(request, answer);
        return new Accepted();
    }

    public void Detached()
    {
        // Nothing is held for a link.
    }

    private async Task<(int Status, string Description, Map Body)> AnswerAsync(ApplicationProperties? asked)
    {
        if (asked?["operation"] as string != "READ" || asked["name"] as string is not { Length: > 0 } name)
        {
            return (400, "The request is none of those that are known.", []);
        }

        if (access.Find(name.Split('/')) is not { } hub)
        {
            return (404, $"The messaging entity '{name}' could not be found.", []);
        }

        if (!access.Allows(hub, [.. name.Split('/'), Address]))
        {
            return (401, "Unauthorized", []);
        }

        return (asked["type"] as string, asked["partition"]?.ToString()) switch
        {
            (EventHub, _) => (200, "OK", Entity(name)),
            (PartitionType, PartitionNode.Partition) => (200, "OK", await PartitionAsync(hub, name)),
            (PartitionType, _) => (404, "There is no such partition.", []),
            _ => (400, "The type is none of those that are known.", []),
        };
    }

    private static Map Entity(string name) => new()
    {
        ["name"] = name,
        ["type"] = EventHub,
        ["created_at"] = DateTime.UnixEpoch,
        ["partition_count"] = 1,
        ["partition_ids"] = new[] { PartitionNode.Partition },
    };

    private static async Task<Map> PartitionAsync(ServedHub hub, string name)
    {
        var range = await hub.Feed.RangeAsync(CancellationToken.None);
        return new Map
        {
            ["name"] = name,
            ["type"] = PartitionType,
            ["partition"] = PartitionNode.Partition,
            ["begin_sequence_number"] = range.First,
            ["last_enqueued_sequence_number"] = range.Last,
            ["last_enqueued_offset"] = range.Last.ToString(CultureInfo.InvariantCulture),
            ["last_enqueued_time_utc"] = (range.LastEnqueued ?? DateTimeOffset.UnixEpoch).UtcDateTime,
            ["is_partition_empty"] = range.IsEmpty,
        };
    }
}
