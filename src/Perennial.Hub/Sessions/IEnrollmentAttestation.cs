using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The way from the hub to the one attestation function, which belongs to provisioning.</summary>
public interface IEnrollmentAttestation
{
    /// <summary>Asks what the enrollments attest now of a chain or of a token without a policy, presented under a registration id.</summary>
    Task<EnrollmentAnswer> AttestAsync(
        string registrationId, PresentedCredential presented, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Asks whether a device, or what it presents, is blocked, for an identity that no enrollment decides about.</summary>
    /// <returns>The refusal; null when it is not blocked.</returns>
    Task<Refusal?> FindBlockAsync(string deviceId, PresentedCredential presented, CancellationToken cancellationToken);
}
