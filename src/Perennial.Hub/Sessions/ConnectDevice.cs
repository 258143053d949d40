using Perennial.Hub.Devices;

namespace Perennial.Hub.Sessions;

/// <summary>Checks a device that connects and puts its connection in the registry.</summary>
public sealed class ConnectDevice(AuthenticateDevice authenticate, SessionRegistry sessions, IConnectionLedger ledger)
{
    /// <param name="id">The id that the device announced.</param>
    /// <param name="presented">What it showed.</param>
    /// <param name="open">Makes the connection's end on the hub, once the device is accepted.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <param name="canObtain">Whether a device can obtain a certificate on the connection: then a drained one is let in for that.</param>
    /// <returns>The verdict, and the session when it was accepted.</returns>
    public async Task<(DeviceVerdict Verdict, LiveSession? Session)> RunAsync(
        DeviceId id,
        PresentedCredential presented,
        Func<DeviceVerdict.Accepted, ILiveConnection> open,
        CancellationToken cancellationToken,
        bool canObtain = false)
    {
        ArgumentNullException.ThrowIfNull(open);
        var trust = sessions.TrustChanges;
        var verdict = await authenticate.RunAsync(id, presented, cancellationToken);
        await ledger.RecordAsync(verdict, cancellationToken);
        if ((verdict as DeviceVerdict.Accepted ?? (canObtain ? (verdict as DeviceVerdict.Refused)?.Drained : null)) is not { } accepted)
        {
            return (verdict, null);
        }

        var session = new LiveSession(accepted, open(accepted));
        if (!sessions.Add(session))
        {
            return (verdict, null);
        }

        return sessions.TrustChanges == trust ? (accepted, session) : await CheckAgainAsync(session, cancellationToken);
    }

    // Trust changed between the check and the entry in the registry, so the re-check of live sessions may have missed this one.
    private async Task<(DeviceVerdict Verdict, LiveSession? Session)> CheckAgainAsync(LiveSession session, CancellationToken cancellationToken)
    {
        var verdict = await authenticate.RunAsync(session.Id, session.Verdict.Presented, cancellationToken);
        if (session.TryConfirm(verdict))
        {
            return (session.Verdict, session);
        }

        await ledger.RecordAsync(verdict, cancellationToken);
        sessions.Drop(session);
        return (verdict, null);
    }
}
