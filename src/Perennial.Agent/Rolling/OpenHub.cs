using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Rolling;

/// <summary>Connects to the hub with whichever credential it accepts, the likeliest first, and records what that says about the others.</summary>
internal sealed class OpenHub(Device device)
{
    /// <returns>The connection; null when the hub refuses every credential, or none is held.</returns>
    /// <exception cref="ExchangeException">The hub cannot be reached or is not believed: nothing is known about the credentials.</exception>
    public async Task<HubConnection?> ExecuteAsync(CancellationToken cancellationToken)
    {
        foreach (var credential in device.Credentials.InOrder(device.Now).ToList())
        {
            if (await TryAsync(credential, cancellationToken) is { } connection)
            {
                Settle(credential);
                return connection;
            }
        }

        return null;
    }

    /// <returns>The connection; null when the hub refuses this credential, or it is not whole.</returns>
    public async Task<HubConnection?> TryAsync(OperationalCredential credential, CancellationToken cancellationToken)
    {
        if (device.State is not { Hub: { } hub, DeviceId: { } deviceId })
        {
            return null;
        }

        using var held = device.Held.Open(credential.Slot);
        if (held is null)
        {
            device.Log.Warn($"The certificate {Short(credential)} or its key is not in its place; another credential is used.");
            return null;
        }

        if (credential == device.Credentials.Candidate?.Credential)
        {
            var deadline = device.Now.AddSeconds(device.Configuration.Roll.TestLimitSeconds);
            device.Journal.Write(set => set.Test(deadline));
        }

        try
        {
            return await device.Link.ConnectAsync(hub, deviceId, held, cancellationToken);
        }
        catch (ExchangeException refused) when (refused.Kind == FailureKind.Unauthorized)
        {
            device.Log.Warn($"Refused with the certificate {Short(credential)}: {refused.Message}.");
            return null;
        }
    }

    /// <summary>Records that the hub accepts this credential.</summary>
    public void Settle(OperationalCredential credential)
    {
        var set = device.Credentials;
        if (credential == set.Candidate?.Credential)
        {
            device.Journal.Write(state => state with
            {
                Credentials = state.Credentials.Promote(),
                Attempts = RollAttempts.None,
                LastGoodTime = device.Clock.Floor,
            });
            device.Log.Tell($"{(set.Current is null ? "Provisioned" : "Rolled the certificate of")} {device.Name}: the hub accepts {Short(credential)}, valid until {credential.NotAfter:yyyy-MM-dd HH:mm}Z.");
        }
        else if (credential == set.Previous)
        {
            device.Journal.Write(credentials => credentials.SwapBack());
            device.Log.Warn($"The hub refuses the current certificate and accepts the one before, {Short(credential)}; that one is used.");
        }
        else if (set.Candidate is { Step: CandidateStep.Testing, Deadline: { } deadline } && device.Now >= deadline)
        {
            // A candidate in its test is tried before the current one, so it was refused just now.
            device.Journal.Write(credentials => credentials.GiveUp(isRefused: true, isCurrentAccepted: true));
            device.Log.Warn("The new certificate was not accepted within its time; back to the current one, which the hub accepts.");
        }
    }

    public static string Short(OperationalCredential credential) => $"{credential.Thumbprint.AsSpan(0, 16)}…";
}
