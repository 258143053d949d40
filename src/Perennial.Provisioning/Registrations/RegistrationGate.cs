namespace Perennial.Provisioning.Registrations;

/// <summary>Lets one at a time work for a device with hubs outside this process; devices do not wait for each other.</summary>
public sealed class RegistrationGate
{
    private readonly Lock _turn = new();
    private readonly Dictionary<RegistrationId, Queue> _queues = [];

    /// <summary>Waits for the device's turn; disposing what is returned gives it on.</summary>
    public async Task<IDisposable> EnterAsync(RegistrationId id, CancellationToken cancellationToken)
    {
        Queue queue;
        lock (_turn)
        {
            queue = _queues.TryGetValue(id, out var known) ? known : _queues[id] = new Queue();
            queue.Users++;
        }

        try
        {
            await queue.Turn.WaitAsync(cancellationToken);
            return new Entered(this, id, queue);
        }
        catch
        {
            Leave(id, queue);
            throw;
        }
    }

    private void Leave(RegistrationId id, Queue queue)
    {
        lock (_turn)
        {
            if (--queue.Users == 0)
            {
                _queues.Remove(id);
                queue.Turn.Dispose();
            }
        }
    }

    private sealed class Queue
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Users { get; set; }
    }

    private sealed class Entered(RegistrationGate gate, RegistrationId id, Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Turn.Release();
            gate.Leave(id, queue);
        }
    }
}
