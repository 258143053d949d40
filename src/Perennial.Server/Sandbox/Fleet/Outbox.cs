namespace Perennial.Server.Sandbox.Fleet;

/// <summary>The telemetry of one device, kept until the hub acknowledges it. Thread-safe.</summary>
internal sealed class Outbox(string deviceId)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, OutgoingMessage> _unacknowledged = [];
    private TaskCompletionSource? _empty;
    private long _sent;
    private long _acknowledged;

    /// <summary>Messages made so far; their numbers run from 1.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public OutgoingMessage Add()
    {
        lock (_gate)
        {
            var message = new OutgoingMessage(deviceId, ++_sent);
            _unacknowledged.Add(message.PacketId, message);
            return message;
        }
    }

    public void Acknowledge(ushort packetId)
    {
        lock (_gate)
        {
            if (!_unacknowledged.Remove(packetId))
            {
                return;
            }

            _acknowledged++;
            if (_unacknowledged.Count == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    /// <summary>What is to be sent again after a reconnect, in order.</summary>
    public IReadOnlyList<OutgoingMessage> Unacknowledged()
    {
        lock (_gate)
        {
            return [.. _unacknowledged.Values.OrderBy(message => message.Number)];
        }
    }

    /// <summary>Returns once everything made so far is acknowledged.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            if (_unacknowledged.Count == 0)
            {
                return Task.CompletedTask;
            }

            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }
}
