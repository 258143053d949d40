namespace Perennial.Server.Sandbox.Fleet;

/// <summary>
/// What a device holds: the credential it uses and, from when it has obtained the next until the hub has confirmed that, both. Thread-safe.
/// </summary>
/// <param name="first">The one it begins with.</param>
/// <param name="nextFirst">Whether the next one is shown before the one in use, once there is one.</param>
internal sealed class HeldCredentials(DeviceCredential first, bool nextFirst)
{
    private readonly Lock _gate = new();
    private DeviceCredential _current = first;
    private DeviceCredential? _next;

    public DeviceCredential Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>All of them, in the order in which they are shown.</summary>
    public IReadOnlyList<DeviceCredential> All
    {
        get
        {
            lock (_gate)
            {
                return _next is null ? [_current] : nextFirst ? [_next, _current] : [_current, _next];
            }
        }
    }

    /// <summary>Keeps a next one beside the one in use.</summary>
    public void Obtained(DeviceCredential next)
    {
        lock (_gate)
        {
            _next = next;
        }
    }

    /// <summary>Uses this one from now on, and lets go of the other.</summary>
    public void Use(DeviceCredential confirmed)
    {
        lock (_gate)
        {
            (_current, _next) = (confirmed, null);
        }
    }
}
