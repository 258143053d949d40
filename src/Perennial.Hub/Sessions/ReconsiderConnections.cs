using Perennial.Hub.Devices;

namespace Perennial.Hub.Sessions;

/// <summary>Makes the hub's check again for live connections after trust changed, and drops those that it refuses.</summary>
public sealed class ReconsiderConnections(SessionRegistry sessions, AuthenticateDevice authenticate, IConnectionLedger ledger)
{
    /// <summary>A device identity was saved.</summary>
    public async Task DeviceAsync(DeviceId id, CancellationToken cancellationToken)
    {
        sessions.NoteTrustChange();
        if (sessions.Find(id) is { } session)
        {
            await ReconsiderAsync(session, cancellationToken);
        }
    }

    /// <summary>An enrollment was saved or deleted.</summary>
    public Task EnrollmentAsync(EnrollmentReference enrollment, CancellationToken cancellationToken)
    {
        sessions.NoteTrustChange();
        return Parallel.ForEachAsync(
            sessions.All.Where(session => session.IsConcernedBy(enrollment)),
            cancellationToken,
            async (session, token) => await ReconsiderAsync(session, token));
    }

    private async Task ReconsiderAsync(LiveSession session, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = await authenticate.RunAsync(session.Id, session.Verdict.Presented, cancellationToken);
            if (verdict is DeviceVerdict.Accepted accepted)
            {
                session.Confirm(accepted);
                return;
            }

            sessions.Drop(session);
            await ledger.RecordAsync(verdict, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What cannot be checked is not trusted: the device connects again and is checked then.
            sessions.Drop(session);
        }
    }
}
