using System.Collections.Concurrent;
using System.Collections.Immutable;
using Perennial.Hub.Devices;

namespace Perennial.Hub.Sessions;

/// <summary>The live connections of one hub: at most one for a device and for each of its modules, the newest.</summary>
public sealed class SessionRegistry(TimeProvider time)
{
    private readonly ConcurrentDictionary<DeviceId, LiveSession> _live = new();
    private readonly ConcurrentDictionary<DeviceId, ConnectionState> _ended = new();

    // The modules of a device that were ever connected.
    private readonly ConcurrentDictionary<DeviceId, ImmutableHashSet<DeviceId>> _modules = new();

    // Of devices whose id is not their registration id in lower case: by that.
    private readonly ConcurrentDictionary<string, DeviceId> _registered = new(StringComparer.OrdinalIgnoreCase);
    private long _trustChanges;

    /// <summary>Moves with each change to trust. A check that began before a change and ended after it is made again.</summary>
    public long TrustChanges => Interlocked.Read(ref _trustChanges);

    /// <summary>How many devices are connected; modules do not count.</summary>
    public int Count => _live.Count(entry => !entry.Key.IsModule);

    /// <summary>Every live session; sessions that come or go meanwhile may be missing.</summary>
    public IEnumerable<LiveSession> All => _live.Select(entry => entry.Value);

    public LiveSession? Find(DeviceId id) => _live.GetValueOrDefault(id);

    /// <summary>Whether the device of a registration, compared without case, is connected.</summary>
    public bool IsRegistrationConnected(string registrationId)
    {
        ArgumentNullException.ThrowIfNull(registrationId);
        return (_registered.TryGetValue(registrationId, out var named) && Find(named) is not null)
            || (DeviceId.TryParse(registrationId, out var id) && Find(id) is { } session
                && string.Equals(RegistrationOf(session), registrationId, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The live sessions of a device and of its modules, or of the module alone.</summary>
    public IReadOnlyList<LiveSession> Below(DeviceId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return [.. new[] { id }.Concat(_modules.GetValueOrDefault(id) ?? []).Select(Find).OfType<LiveSession>()];
    }

    /// <summary>
    /// Puts the session in, and closes the one it takes the place of. A drained one takes no place of another: who stole its credential must not be
    /// able to disconnect a device that has moved on.
    /// </summary>
    /// <returns>Whether it is in.</returns>
    public bool Add(LiveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (session.Id.IsModule)
        {
            _modules.AddOrUpdate(session.Id.Owner, [session.Id], (_, known) => known.Add(session.Id));
        }

        if (RegistrationOf(session) is var registration && (registration != session.Id.Value || registration.Any(char.IsUpper)))
        {
            _registered[registration] = session.Id;
        }

        while (!_live.TryAdd(session.Id, session))
        {
            var older = Find(session.Id);
            if (older is { Verdict.ObtainsOnly: false } && session.Verdict.ObtainsOnly)
            {
                return false;
            }

            if (older is not null && _live.TryUpdate(session.Id, session, older))
            {
                older.Connection.Close(CloseReason.Superseded);
                return true;
            }
        }

        return true;
    }

    /// <summary>Takes the session out when it is still the device's newest.</summary>
    public void Remove(LiveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (_live.TryRemove(KeyValuePair.Create(session.Id, session)))
        {
            _registered.TryRemove(KeyValuePair.Create(RegistrationOf(session), session.Id));
            _ended[session.Id] = new ConnectionState(false, time.GetUtcNow(), session.LastActivity);
        }
    }

    /// <summary>Ends this session because trust in it was withdrawn.</summary>
    public void Drop(LiveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        Remove(session);
        session.Connection.Close(CloseReason.TrustWithdrawn);
    }

    /// <summary>Ends whatever connections the device and its modules have; for a device that was deleted.</summary>
    public void Drop(DeviceId id)
    {
        NoteTrustChange();
        foreach (var session in Below(id))
        {
            Drop(session);
            _ended.TryRemove(session.Id, out _);
        }

        _modules.TryRemove(id, out _);
        _ended.TryRemove(id, out _);
    }

    public ConnectionState StateOf(DeviceId id) =>
        Find(id) is { } live ? new ConnectionState(true, live.Started, live.LastActivity)
        : _ended.GetValueOrDefault(id) ?? ConnectionState.Never;

    /// <summary>Notes that the device sent something without a lasting connection.</summary>
    public void Touch(DeviceId id)
    {
        var at = time.GetUtcNow();
        if (Find(id) is { } live)
        {
            live.Touch(at);
        }
        else
        {
            _ended.AddOrUpdate(id, _ => ConnectionState.Never with { LastActivity = at }, (_, state) => state with { LastActivity = at });
        }
    }

    /// <summary>Called after a change to trust is stored and before the live sessions are checked against it.</summary>
    public void NoteTrustChange() => Interlocked.Increment(ref _trustChanges);

    private static string RegistrationOf(LiveSession session) =>
        (session.Verdict.Device.Credential as DeviceCredential.FollowsEnrollment)?.RegistrationId ?? session.Id.Value;
}
