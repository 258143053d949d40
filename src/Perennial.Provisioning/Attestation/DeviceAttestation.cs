using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>
/// The attestation function: what do these enrollments say of this device now? Pure, and the only one. Registration, the hub's
/// check, the impact preview and the explanation of a refusal all ask here.
/// </summary>
public sealed class DeviceAttestation(ChainPolicy policy)
{
    /// <summary>An individual enrollment decides alone; else the signer nearest to the leaf does (dps-protocol §5.5).</summary>
    public AttestationVerdict Attest(AuthenticatedDevice device, EnrollmentCandidates candidates, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Individual is { } individual)
        {
            return AttestIndividual(device, individual, at);
        }

        if (candidates.LeafHolder is { } holder)
        {
            return Refuse(AttestationRefusals.LeafOfAnotherDevice, $"The leaf {device.Chain.Leaf.Thumbprint} stands in {holder.Key}.", holder.Key);
        }

        return AttestBySigner(device, candidates.Groups, at);

        AttestationVerdict Refuse(RefusalReason reason, string detail, EnrollmentKey nearest) =>
            new AttestationVerdict.Refused(device.RegistrationId, device.Chain, at, new Refusal(reason, detail), nearest);
    }

    private AttestationVerdict AttestIndividual(AuthenticatedDevice device, Enrollment enrollment, DateTimeOffset at)
    {
        if (enrollment.Mechanism is AttestationMechanism.Signers)
        {
            return AttestBySigner(device, [enrollment], at);
        }

        var leaf = device.Chain.Leaf;
        var slots = enrollment.Mechanism.Certificates;
        if (slots.SlotOf(leaf.Thumbprint) is not { } slot)
        {
            var held = string.Join(" and ", slots.Filled().Select(filled => $"{filled.Certificate.Thumbprint} ({filled.Slot})"));
            return Refuse(new Refusal(
                AttestationRefusals.LeafNotEnrolled, $"The device presented {leaf.Thumbprint}; {enrollment.Key} holds {held}."));
        }

        if (!enrollment.IsEnabled)
        {
            return Refuse(Disabled(enrollment));
        }

        return policy.CheckLeaf(leaf, at) is { } fault
            ? Refuse(fault)
            : new AttestationVerdict.Accepted(device, at, enrollment, slot, leaf);

        AttestationVerdict Refuse(Refusal refusal) => new AttestationVerdict.Refused(device.RegistrationId, device.Chain, at, refusal, enrollment.Key);
    }

    private AttestationVerdict AttestBySigner(AuthenticatedDevice device, IReadOnlyList<Enrollment> enrollments, DateTimeOffset at)
    {
        var anchors = enrollments.SelectMany(e => e.Mechanism.Certificates.Filled().Select(filled => filled.Certificate)).ToList();
        var search = policy.FindPaths(device.Chain, anchors, at);
        if (search.Refusal is { } refusal)
        {
            var fault = anchors.Count == 0 && IsUnknownSigner(refusal) ? NotEnrolled(device, refusal) : refusal;
            return new AttestationVerdict.Refused(device.RegistrationId, device.Chain, at, fault, enrollments.Count > 0 ? enrollments[0].Key : null);
        }

        var nearest = Nearest(search.Paths, enrollments);
        var denying = nearest.FirstOrDefault(match => !match.Enrollment.IsEnabled);
        if (denying.Enrollment is { } disabled)
        {
            return new AttestationVerdict.Refused(device.RegistrationId, device.Chain, at, Disabled(disabled), disabled.Key);
        }

        var (enrollment, slot, anchor) = nearest[0];
        return new AttestationVerdict.Accepted(device, at, enrollment, slot, anchor);
    }

    // All entries whose certificate is as near to the leaf as any, oldest entry first: a disabled one among them denies.
    private static List<(Enrollment Enrollment, Slot Slot, Certificate Anchor)> Nearest(
        IReadOnlyList<CertificatePath> paths, IReadOnlyList<Enrollment> enrollments)
    {
        var anchors = paths.TakeWhile(path => path.Depth == paths[0].Depth).Select(path => path.Anchor).ToList();
        return
        [
            .. enrollments.SelectMany(
                    enrollment => anchors,
                    (enrollment, anchor) => (enrollment, slot: enrollment.Mechanism.Certificates.SlotOf(anchor.Thumbprint), anchor))
                .Where(match => match.slot is not null)
                .Select(match => (match.enrollment, match.slot!.Value, match.anchor)),
        ];
    }

    private static bool IsUnknownSigner(Refusal refusal) =>
        refusal.Reason == CertificateRefusals.UnknownAuthority || refusal.Reason == CertificateRefusals.MissingIntermediate;

    private static Refusal NotEnrolled(AuthenticatedDevice device, Refusal refusal) => new(
        AttestationRefusals.NotEnrolled,
        $"There is no individual enrollment '{device.RegistrationId}' and no group for any signer of the chain. {refusal.Detail}");

    private static Refusal Disabled(Enrollment enrollment) => new(AttestationRefusals.EnrollmentDisabled, $"The {enrollment.Key} is disabled.");
}
