using Perennial.Provisioning.Blocks;
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
        var drains = candidates.Blocks.Where(block => !block.IsCut).ToList();
        var verdict = AttestUndrained(device, drains.Count == 0 ? candidates : candidates with { Blocks = [.. candidates.Blocks.Where(block => block.IsCut)] }, at);
        return drains.Count > 0 && verdict is AttestationVerdict.Accepted accepted && DrainOf(device, candidates, drains, at) is { } drain
            ? new AttestationVerdict.Refused(device, at, AttestationRefusals.BlockedBy(drain), accepted.Enrollment.Key) { Drained = accepted with { Drain = drain } }
            : verdict;
    }

    /// <summary>
    /// The key that a device signs its tokens with; none when no enrollment holds the key that it stands on. Where it is derived, there are as many as
    /// the device may spell its id for that: one of them it is.
    /// </summary>
    /// <param name="id">The device.</param>
    /// <param name="fingerprint">The fingerprint of the key in the slot that took it.</param>
    /// <param name="enrollments">Where to look: a key of a group is that of its devices, each of which has one derived from it.</param>
    public IReadOnlyList<SymmetricKey> FindKeys(RegistrationId id, Thumbprint fingerprint, IEnumerable<Enrollment> enrollments)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(enrollments);
        return _keys.Find(id, fingerprint, enrollments);
    }

    /// <summary>The key that one of the groups derives for a device whose own enrollment held the same; null when none does.</summary>
    /// <param name="id">The device.</param>
    /// <param name="fingerprint">The fingerprint of the key that its enrollment held.</param>
    /// <param name="groups">Where to look.</param>
    public static SymmetricKey? FindDerivedKey(RegistrationId id, Thumbprint fingerprint, IEnumerable<Enrollment> groups)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(groups);
        return KeyAttestation.FindDerived(id, fingerprint, groups);
    }

    // What a drain would refuse if it were a cut, it drains.
    private Block? DrainOf(AuthenticatedDevice device, EnrollmentCandidates candidates, List<Block> drains, DateTimeOffset at) =>
        AttestUndrained(device, candidates, at) is AttestationVerdict.Refused
            ? drains.FirstOrDefault(drain => AttestUndrained(device, candidates with { Blocks = [.. candidates.Blocks.Where(block => block.IsCut), drain] }, at) is AttestationVerdict.Refused)
                ?? drains[0]
            : null;

    private AttestationVerdict AttestUndrained(AuthenticatedDevice device, EnrollmentCandidates candidates, DateTimeOffset at)
    {
        if (candidates.Blocks.FirstOrDefault(block => block.Refuses(device.RegistrationId.Value, device.Proof.CertificateChain)) is { } block)
        {
            return new AttestationVerdict.Refused(device, at, AttestationRefusals.BlockedBy(block), nearest: null);
        }

        var verdict = device.Proof switch
        {
            DeviceProof.ByCertificate { Chain: var chain } => _certificates.Attest(device, chain, candidates, at),
            DeviceProof.ByToken { Token: var token } => _keys.Attest(device, token, candidates, at),
            var other => throw new InvalidOperationException($"Unknown proof {other.GetType().Name}."),
        };
        return verdict is AttestationVerdict.Accepted { Enrollment.Key: var key } && candidates.Blocks.FirstOrDefault(key.IsRefusedBy) is { } blocked
            ? new AttestationVerdict.Refused(device, at, AttestationRefusals.BlockedBy(blocked), key)
            : verdict;
    }
}
