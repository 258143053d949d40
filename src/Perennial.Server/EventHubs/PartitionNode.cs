using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Perennial.Server.Amqp;
using Perennial.Server.Hubs;

namespace Perennial.Server.EventHubs;

/// <summary>
/// Where readers of telemetry attach: <c>{entity}/ConsumerGroups/{group}/Partitions/0</c>. The entity is the hub's name; each consumer
/// group sees everything, and where it stands its readers remember (hub-protocol §5.5).
/// </summary>
internal sealed class PartitionNode(EventHubAccess access, PartitionReaders readers, TimeProvider time) : IAmqpNode
{
    /// <summary>The only partition: the feed of a hub is one sequence.</summary>
    public const string Partition = "0";

    private const string Selector = "apache.org:selector-filter:string";

    private static readonly Symbol Epoch = new("com.microsoft:epoch");

    public async ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken)
    {
        string[] path = [.. request.Address.Path];
        if (path is not [.. var entity, var groups, var group, var partitions, var partition]
            || !Same(groups, "ConsumerGroups") || !Same(partitions, "Partitions"))
        {
            return null;
        }

        if (access.Find(entity) is not { } hub || partition != Partition)
        {
            return AttachAnswer.Refuse(ErrorCode.NotFound, $"The messaging entity '{request.Address}' could not be found.");
        }

        if (!access.Allows(hub, path))
        {
            return AttachAnswer.Refuse(ErrorCode.UnauthorizedAccess, "Unauthorized");
        }

        return request.PeerSends
            ? AttachAnswer.Refuse(ErrorCode.NotAllowed, "Telemetry is read here, not sent.")
            : await ReadAsync(request, hub, group, cancellationToken);
    }

    private async Task<AttachAnswer> ReadAsync(AttachRequest request, ServedHub hub, string group, CancellationToken cancellationToken)
    {
        var filters = (request.Attach.Source as Source)?.FilterSet;
        if (!TryReadPosition(filters, out var position))
        {
            return AttachAnswer.Refuse(AmqpErrors.ArgumentError, "The filter names no position to begin with.");
        }

        long? epoch = request.Attach.Properties?[Epoch] is { } claimed ? Convert.ToInt64(claimed, CultureInfo.InvariantCulture) : null;
        var reader = new PartitionReader(hub.Feed, await position.FirstAsync(hub.Feed, cancellationToken), epoch);
        if (!readers.TryEnter(hub.Name, group, reader))
        {
            return AttachAnswer.Refuse(ErrorCode.Stolen, "A reader with a higher epoch reads here.");
        }

        var left = reader.Left!;
        var watch = access.Watch(
            hub, request.Address.Path, () => reader.End(ErrorCode.UnauthorizedAccess, "The token is no longer good."), time);
        reader.Left = () =>
        {
            watch.Dispose();
            left();
        };
        return new AttachAnswer.Sending(reader) { Filters = filters };
    }

    // Without a filter a reader begins at the start.
    private static bool TryReadPosition(Map? filters, [NotNullWhen(true)] out EventPosition? position)
    {
        position = EventPosition.Start;
        foreach (var (key, value) in filters ?? [])
        {
            if (key.ToString() == Selector)
            {
                return EventPosition.TryParse((value is DescribedValue described ? described.Value : value) as string, out position);
            }
        }

        return true;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
