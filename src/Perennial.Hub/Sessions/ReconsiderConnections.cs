using System.Collections.Concurrent;
using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>Makes the hub's check again for live connections after trust changed, and drops those that it refuses.</summary>
public sealed class ReconsiderConnections(SessionRegistry sessions, AuthenticateDevice authenticate, IConnectionLedger ledger)
{
    private const int RecordedAtOnce = 128;

    /// <summary>An identity was saved; a device's counts for its modules too.</summary>
    public async Task DeviceAsync(DeviceId id, CancellationToken cancellationToken)
    {
        sessions.NoteTrustChange();
        var verdicts = new List<DeviceVerdict>();
        foreach (var session in sessions.Below(id))
        {
            if (await ReconsiderAsync(session, cancellationToken) is { } refused)
            {
                verdicts.Add(refused);
            }
        }

        await RecordAsync(verdicts, cancellationToken);
    }

    /// <summary>An enrollment was saved or deleted.</summary>
    public Task EnrollmentAsync(EnrollmentReference enrollment, CancellationToken cancellationToken) =>
        ManyAsync(session => session.IsConcernedBy(enrollment), cancellationToken);

    /// <summary>The access policies of the hub were replaced: what one of them let in is checked again.</summary>
    public Task PoliciesAsync(CancellationToken cancellationToken) =>
        ManyAsync(session => session.Verdict.Proof is ConnectionProof.ByPolicy, cancellationToken);

    /// <summary>Certificates were revoked: every connection by a certificate is checked again.</summary>
    public Task RevocationsAsync(CancellationToken cancellationToken) =>
        ManyAsync(session => session.Verdict.Chain is not null, cancellationToken);

    /// <summary>Credentials were revoked or blocked: every connection is checked again.</summary>
    public Task AllAsync(CancellationToken cancellationToken) => ManyAsync(_ => true, cancellationToken);

    /// <summary>Drops at once the connections that a rule refuses by itself, without asking anything; the check of all finds the rest.</summary>
    /// <param name="refusalOf">The rule; null lets a connection be.</param>
    /// <param name="at">Since when it holds.</param>
    /// <param name="cancellationToken">Stops waiting for the sightings; what is dropped is dropped.</param>
    public Task RefuseAsync(Func<LiveSession, Refusal?> refusalOf, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(refusalOf);
        sessions.NoteTrustChange();
        var dropped = new ConcurrentBag<DeviceVerdict>();
        Parallel.ForEach(
            sessions.All,
            session =>
            {
                if (refusalOf(session) is { } refusal)
                {
                    sessions.Drop(session);
                    dropped.Add(new DeviceVerdict.Refused(session.Id.Value, session.Verdict.Presented, at, refusal));
                }
            });
        return RecordAsync(dropped, cancellationToken);
    }

    private async Task ManyAsync(Func<LiveSession, bool> isConcerned, CancellationToken cancellationToken)
    {
        sessions.NoteTrustChange();
        var dropped = new ConcurrentBag<DeviceVerdict>();
        await Parallel.ForEachAsync(
            sessions.All.Where(isConcerned),
            cancellationToken,
            async (session, token) =>
            {
                if (await ReconsiderAsync(session, token) is { } refused)
                {
                    dropped.Add(refused);
                }
            });
        await RecordAsync(dropped, cancellationToken);
    }

    /// <returns>The refusal that dropped the session; null when it stays, or could not be checked.</returns>
    private async Task<DeviceVerdict?> ReconsiderAsync(LiveSession session, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = await authenticate.RunAsync(session.Id, session.Verdict.Presented, cancellationToken);
            if (session.TryConfirm(verdict))
            {
                return null;
            }

            sessions.Drop(session);
            return verdict is DeviceVerdict.Refused ? verdict : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What cannot be checked is not trusted: the device connects again and is checked then.
            sessions.Drop(session);
            return null;
        }
    }

    // Written once all are dropped, since each waits for the disk, and some at a time: connections that end come first. A sighting that cannot be
    // kept undoes nothing of what was decided.
    private async Task RecordAsync(IEnumerable<DeviceVerdict> refused, CancellationToken cancellationToken)
    {
        foreach (var some in refused.Chunk(RecordedAtOnce))
        {
            await Task.WhenAll(some.Select(verdict => ledger.RecordAsync(verdict, cancellationToken).AsTask())).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
