using Amqp.Framing;

namespace Perennial.Server.Amqp;

/// <summary>A link of a session; the handle is the same in both directions.</summary>
internal abstract class AmqpLink(AmqpSession session, Attach attach)
{
    private int _isEnded;

    public AmqpSession Session { get; } = session;

    public uint Handle { get; } = attach.Handle;

    public string Name { get; } = attach.LinkName;

    /// <summary>Whether the link has ended; what is sent on it goes nowhere.</summary>
    public bool IsEnded => Volatile.Read(ref _isEnded) != 0;

    /// <summary>Ends the link from this side; may be called from anywhere.</summary>
    public void Detach(Error? error)
    {
        if (TryEnd())
        {
            Session.SendDetach(this, error);
        }
    }

    /// <summary>Ends the link without telling the peer, who ended it or is gone.</summary>
    /// <returns>False when it had ended before.</returns>
    public bool TryEnd()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
        {
            return false;
        }

        OnEnded();
        return true;
    }

    protected abstract void OnEnded();
}
