using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The way from the hub to the one attestation function, which belongs to provisioning.</summary>
public interface IEnrollmentAttestation
{
    /// <summary>Asks what the enrollments attest now of a chain presented under a registration id.</summary>
    Task<EnrollmentAnswer> AttestAsync(
        string registrationId, CertificateChain chain, DateTimeOffset at, CancellationToken cancellationToken);
}
