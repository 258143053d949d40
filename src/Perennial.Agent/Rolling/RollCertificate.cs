using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Rolling;

/// <summary>
/// A roll: key, certificate, test on the hub, promotion. Each step is journaled before it is done, so that a roll that was cut off goes on where it was.
/// </summary>
internal sealed class RollCertificate(Device device)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly OpenHub _hub = new(device);

    /// <param name="live">The connection to the hub; null when every credential is refused, or there is none yet.</param>
    /// <param name="cancellationToken">Ends the attempt; it goes on with the next one.</param>
    /// <returns>The connection by the new certificate.</returns>
    /// <exception cref="ExchangeException">The roll did not come to its end; the device has what it had.</exception>
    public async Task<HubConnection> ExecuteAsync(HubConnection? live, CancellationToken cancellationToken)
    {
        try
        {
            Prepare(isRefused: live is null);
            if (device.Credentials.Candidate is { Step: CandidateStep.Requested })
            {
                await new ObtainCertificate(device).ExecuteAsync(live, cancellationToken);
            }

            return await TestAsync(cancellationToken);
        }
        catch (ExchangeException failure)
        {
            device.RecordFailure(failure);
            throw;
        }
        catch (AgentException failure)
        {
            device.RecordFailure(new(FailureKind.Refused, failure.Message));
            throw;
        }
    }

    // A candidate that the hub refuses together with all others may still be the only one that works later: its key is kept, and another
    // certificate is asked for it.
    private void Prepare(bool isRefused)
    {
        if (device.Credentials.Candidate is null)
        {
            device.Keys.CheckRoom();
            device.Journal.Write(set => set.Begin(Guid.NewGuid().ToString("N"), mayDropPrevious: true));
        }
        else if (isRefused && device.Credentials.Candidate is { Step: CandidateStep.Issued or CandidateStep.Testing })
        {
            device.Journal.Write(set => set.AskAgain(Guid.NewGuid().ToString("N")));
        }

        var candidate = device.Credentials.Candidate!;
        var isLost = candidate is { Step: CandidateStep.Requested, Credential: null } && IsKeyLost(candidate);
        if (candidate.Step == CandidateStep.KeyWanted || isLost)
        {
            device.Keys.Make(candidate.Slot);
            device.Journal.Write(set => isLost ? set : set.KeyMade());
        }
    }

    private bool IsKeyLost(Candidate candidate)
    {
        using var key = device.Keys.Open(candidate.Slot);
        return key is null;
    }

    private async Task<HubConnection> TestAsync(CancellationToken cancellationToken)
    {
        var credential = device.Credentials.Candidate!.Credential!;
        var pause = FirstPause;
        ExchangeException? last = null;
        do
        {
            try
            {
                if (await _hub.TryAsync(credential, cancellationToken) is { } connection)
                {
                    _hub.Settle(credential);
                    return connection;
                }
            }
            catch (ExchangeException failure) when (failure.Kind == FailureKind.Unavailable)
            {
                last = failure;
                device.Log.Warn($"The new certificate cannot be tested yet: {failure.Message}.");
            }

            await Task.Delay(pause, device.Clock, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
        while (device.Credentials.Candidate is { Deadline: { } deadline } && device.Now < deadline);
        throw last ?? new ExchangeException(FailureKind.Unauthorized, "the hub did not accept the new certificate within its time");
    }
}
