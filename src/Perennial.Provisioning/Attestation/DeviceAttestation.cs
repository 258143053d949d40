using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>
/// The attestation function: what do these enrollments say of this device now? Pure, and the only one. Registration, the hub's
/// check, the impact preview and the explanation of a refusal all ask here.
/// </summary>
public sealed class DeviceAttestation(ChainPolicy policy, TpmIdentityKeys tpmKeys)
{
    private readonly CertificateAttestation _certificates = new(policy);
    private readonly KeyAttestation _keys = new(tpmKeys);

    /// <summary>An individual enrollment decides alone; else the groups do (dps-protocol §4.2, §5.5).</summary>
    public AttestationVerdict Attest(AuthenticatedDevice device, EnrollmentCandidates candidates, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Blocks.FirstOrDefault(block => block.Refuses(device.RegistrationId.Value, device.Proof.CertificateChain)) is { } block)
        {
            return new AttestationVerdict.Refused(device, at, AttestationRefusals.BlockedBy(block), nearest: null);
        }

        return device.Proof switch
        {
            DeviceProof.ByCertificate { Chain: var chain } => _certificates.Attest(device, chain, candidates, at),
            DeviceProof.ByToken { Token: var token } => _keys.Attest(device, token, candidates, at),
            var other => throw new InvalidOperationException($"Unknown proof {other.GetType().Name}."),
        };
    }
}
