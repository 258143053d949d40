using Perennial.Hub.Messages;

namespace Perennial.Server.Storage.Sql;

/// <summary>Messages that are stored by one write, so that what a write costs is paid once for all that came while the writer was busy.</summary>
internal sealed class TelemetryBatch
{
    /// <summary>A batch that holds so many takes no more.</summary>
    public const int MaxMessages = 128;

    public const long MaxBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<(TelemetryMessage Message, int Size)> _messages = [];
    private readonly TaskCompletionSource<long> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isClosed;

    /// <summary>The sequence of the last message, once all are on disk.</summary>
    public Task<long> Stored => _stored.Task;

    public long Bytes { get; private set; }

    /// <summary>Complete once the batch is closed.</summary>
    public int Count => _messages.Count;

    /// <summary>Adds the messages, unless the batch is full or is being written.</summary>
    /// <param name="messages">Stored in this order, one after the other.</param>
    /// <param name="end">How many the batch held up to and with the last of them.</param>
    public bool TryJoin(IReadOnlyList<TelemetryMessage> messages, out int end)
    {
        lock (_gate)
        {
            end = 0;
            if (_isClosed)
            {
                return false;
            }

            foreach (var message in messages)
            {
                var size = message.Size;
                _messages.Add((message, size));
                Bytes += size;
            }

            end = _messages.Count;
            _isClosed = end >= MaxMessages || Bytes >= MaxBytes;
            return true;
        }
    }

    /// <summary>What is to be written; nobody joins any more. The same when it is asked for again.</summary>
    public IReadOnlyList<(TelemetryMessage Message, int Size)> Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            return _messages;
        }
    }

    public void Complete(long last) => _stored.TrySetResult(last);

    public void Fail(Exception exception) => _stored.TrySetException(exception);
}
