namespace Perennial.Server.Connections;

/// <summary>Bounds what a connection has sent and not yet seen acknowledged; its reader waits while the bound is passed.</summary>
internal sealed class InFlightWindow
{
    public const int MaxMessages = 256;
    public const int MaxBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private TaskCompletionSource? _room;
    private int _messages;
    private int _bytes;

    /// <summary>Counts a message in; completes once there is room for the next.</summary>
    public ValueTask EnterAsync(int size)
    {
        lock (_gate)
        {
            _messages++;
            _bytes += size;
            if (HasRoom)
            {
                return ValueTask.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_room.Task);
        }
    }

    public void Leave(int size)
    {
        lock (_gate)
        {
            _messages--;
            _bytes -= size;
            if (HasRoom)
            {
                _room?.TrySetResult();
                _room = null;
            }
        }
    }

    /// <summary>Lets a waiting reader go on, because the connection ends.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _room?.TrySetResult();
        }
    }

    private bool HasRoom => _messages < MaxMessages && _bytes < MaxBytes;
}
