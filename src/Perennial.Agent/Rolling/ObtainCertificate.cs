using System.Security.Cryptography;
using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;
using Perennial.Agent.Keys;
using Perennial.X509;

namespace Perennial.Agent.Rolling;

/// <summary>Has a certificate issued for the candidate's key: by the hub over the live connection, else by the provisioning service.</summary>
internal sealed class ObtainCertificate(Device device)
{
    private static readonly TimeSpan HubPatience = TimeSpan.FromMinutes(2);

    /// <param name="live">The connection to ask over; null to ask the provisioning service at once.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="ExchangeException">None was issued.</exception>
    public async Task ExecuteAsync(HubConnection? live, CancellationToken cancellationToken)
    {
        var candidate = device.Credentials.Candidate ?? throw new InvalidOperationException("There is no candidate.");
        using var key = device.Keys.Open(candidate.Slot)
            ?? throw new AgentException("The key of the next certificate is not in its place; it is made anew with the next attempt.");
        var csr = RequestFor(candidate.Slot, key);
        var issued = live is null ? null : await FromHubAsync(live, candidate.RequestId, csr, cancellationToken);
        if (issued is null)
        {
            issued = await FromProvisioningAsync(csr, cancellationToken);
        }
        else
        {
            ForgetWindowOfRegistration();
        }

        Keep(candidate, SigningRequest.ReadIssued(issued, device.Name, key));
    }

    // It was given for the certificate before; the hub gives none. One in the twin stays until it is taken out.
    private void ForgetWindowOfRegistration() => device.Journal.Write(state => state.IsWindowOfTwin ? state : state with { Window = null });

    private byte[] RequestFor(KeySlot slot, AsymmetricAlgorithm key)
    {
        var kept = device.Certificates.ReadRequest(slot);
        if (SigningRequest.IsFor(kept, device.Name, key))
        {
            return kept!;
        }

        var csr = SigningRequest.Write(device.Name, key);
        device.Certificates.WriteRequest(slot, csr);
        return csr;
    }

    private void Keep(Candidate candidate, CertificateChain chain)
    {
        device.Certificates.Write(candidate.Slot, chain);
        device.Journal.Write(set => set.Issue(Journal.Describe(candidate.Slot, chain.Leaf, device.Now)));
        device.Log.Tell($"A certificate was issued, valid until {chain.Leaf.NotAfter:yyyy-MM-dd HH:mm}Z; the hub is to accept it before it is used.");
    }

    private async Task<IReadOnlyList<string>?> FromHubAsync(HubConnection live, string requestId, byte[] csr, CancellationToken cancellationToken)
    {
        try
        {
            return await live.RequestCertificateAsync(requestId, csr, HubPatience, cancellationToken);
        }
        catch (ExchangeException failure) when (failure.Kind is FailureKind.Refused or FailureKind.Unavailable && failure.RetryAfter is null)
        {
            device.Log.Tell($"No certificate over the connection to the hub ({failure.Message}); the provisioning service is asked.");
            return null;
        }
    }

    // The certificates in use come first; the one from the factory is for when they do not help.
    private async Task<IReadOnlyList<string>> FromProvisioningAsync(byte[] csr, CancellationToken cancellationToken)
    {
        ExchangeException? last = null;
        foreach (var credential in device.Credentials.InOrder(DateTimeOffset.MinValue).ToList())
        {
            using var held = device.Held.Open(credential.Slot);
            if (held is null)
            {
                continue;
            }

            try
            {
                return await RegisterAsync(held, null, csr, cancellationToken);
            }
            catch (ExchangeException failure) when (failure.Kind is FailureKind.Unauthorized or FailureKind.Refused)
            {
                last = failure;
            }
        }

        return await FromLastResortAsync(csr, last, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> FromLastResortAsync(byte[] csr, ExchangeException? last, CancellationToken cancellationToken)
    {
        var isFirst = device.Credentials.Current is null;
        if (device.Configuration.Onboarding is not { } onboarding || !(isFirst || onboarding.LastResort))
        {
            throw last ?? new ExchangeException(FailureKind.Unauthorized, "there is no credential to provision with; configure onboarding");
        }

        if (!isFirst)
        {
            device.Log.Warn($"The provisioning service issues nothing to the certificate in use ({last?.Message}); the onboarding credential is used.");
        }

        using var factory = device.Held.OpenOnboarding();
        return await RegisterAsync(factory, factory is null ? device.Held.ReadSymmetricKey() : null, csr, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> RegisterAsync(ClientCredential? credential, byte[]? symmetricKey, byte[] csr, CancellationToken cancellationToken)
    {
        var assignment = await device.Registration.ExecuteAsync(credential, symmetricKey, csr, cancellationToken);
        Remember(assignment);
        return assignment.Chain is { Count: > 0 } chain
            ? chain
            : throw new ExchangeException(FailureKind.Refused, "the enrollment of this device issues no certificates; let it, or bring one by other means");
    }

    /// <summary>Remembers what the provisioning service assigned.</summary>
    public void Remember(Assignment assignment) => device.Journal.Write(state => state with
    {
        Hub = assignment.Hub,
        DeviceId = assignment.DeviceId,
        Window = assignment.Window ?? state.Window,
        IsWindowOfTwin = assignment.Window is null && state.IsWindowOfTwin,
        LastGoodTime = device.Clock.Floor,
    });
}
