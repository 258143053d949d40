using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>Attestation of a device that presented a chain (dps-protocol §5).</summary>
internal sealed class CertificateAttestation(ChainPolicy policy)
{
    /// <summary>An individual enrollment decides alone; else the signer nearest to the leaf does (dps-protocol §5.5).</summary>
    public AttestationVerdict Attest(AuthenticatedDevice device, CertificateChain chain, EnrollmentCandidates candidates, DateTimeOffset at)
    {
        if (IssuedRecord(candidates) is { } issued && AttestIssued(device, chain.Leaf, issued, candidates.Blocks, at) is { } verdict)
        {
            return verdict;
        }

        if (candidates.Individual is { } individual)
        {
            return AttestIndividual(device, chain, individual, candidates.Blocks, at);
        }

        if (candidates.LeafHolder is { } holder)
        {
            var refusal = new Refusal(AttestationRefusals.LeafOfAnotherDevice, $"The leaf {chain.Leaf.Thumbprint} stands in {holder.Key}.");
            return new AttestationVerdict.Refused(device, at, refusal, holder.Key);
        }

        return AttestBySigner(device, chain, candidates.Groups, candidates.Blocks, at);
    }

    // An individual enrollment made since decides alone.
    private static IssuedLeafMatch? IssuedRecord(EnrollmentCandidates candidates) =>
        candidates.Issued is { } issued
        && (candidates.Individual is null || candidates.Individual.Key == issued.Enrollment.Key)
            ? issued
            : null;

    /// <returns>Null when the record takes nothing back and the enrollment's own certificates are to say.</returns>
    private AttestationVerdict? AttestIssued(
        AuthenticatedDevice device, Certificate leaf, IssuedLeafMatch issued, IReadOnlyList<Block> blocks, DateTimeOffset at)
    {
        var (record, enrollment) = issued;
        var isInSlot = enrollment.Mechanism is AttestationMechanism.Leaves;
        var refusal =
            !isInSlot && record.Retired is { } retired ? new Refusal(AttestationRefusals.LeafRetired, $"The leaf {leaf.Thumbprint} was retired at {retired:u}.")
            : record.IsRevoked ? new Refusal(AttestationRefusals.LeafRevoked, $"The leaf {leaf.Thumbprint} of {leaf.Issuer.Text}.")
            : isInSlot || !record.StandsAlone ? null
            : record.Chain.Skip(1).SelectMany(authority => blocks.Where(block => block.Refuses(authority))).FirstOrDefault() is { } blocked
                ? AttestationRefusals.BlockedBy(blocked)
            : enrollment.IsEnabled ? policy.CheckLeaf(leaf, at)
            : AttestationRefusals.DisabledBy(enrollment.Key);
        if (refusal is not null)
        {
            return new AttestationVerdict.Refused(device, at, refusal, enrollment.Key);
        }

        return record.StandsAlone && !isInSlot
            ? new AttestationVerdict.Accepted(device, at, enrollment, Slot.Primary, new AttestationAnchor.OfIssuedLeaf(leaf))
            : null;
    }

    private AttestationVerdict AttestIndividual(
        AuthenticatedDevice device, CertificateChain chain, Enrollment enrollment, IReadOnlyList<Block> blocks, DateTimeOffset at)
    {
        if (enrollment.Mechanism is AttestationMechanism.Signers)
        {
            return AttestBySigner(device, chain, [enrollment], blocks, at);
        }

        if (enrollment.Mechanism is not AttestationMechanism.Leaves { Slots: var slots })
        {
            return Refuse(new Refusal(
                AttestationRefusals.OtherMechanism,
                $"The device presented the leaf {chain.Leaf.Thumbprint}; {enrollment.Key} attests by {enrollment.Mechanism.Word}."));
        }

        var leaf = chain.Leaf;
        if (slots.SlotOf(leaf.Thumbprint) is not { } slot)
        {
            var held = string.Join(" and ", slots.Filled().Select(filled => $"{filled.Certificate.Thumbprint} ({filled.Slot})"));
            return Refuse(new Refusal(
                AttestationRefusals.LeafNotEnrolled, $"The device presented {leaf.Thumbprint}; {enrollment.Key} holds {held}."));
        }

        if (!enrollment.IsEnabled)
        {
            return Refuse(AttestationRefusals.DisabledBy(enrollment.Key));
        }

        return policy.CheckLeaf(leaf, at) is { } fault
            ? Refuse(fault)
            : new AttestationVerdict.Accepted(device, at, enrollment, slot, new AttestationAnchor.OfCertificate(leaf));

        AttestationVerdict Refuse(Refusal refusal) => new AttestationVerdict.Refused(device, at, refusal, enrollment.Key);
    }

    private AttestationVerdict AttestBySigner(
        AuthenticatedDevice device, CertificateChain chain, IReadOnlyList<Enrollment> enrollments, IReadOnlyList<Block> blocks, DateTimeOffset at)
    {
        var anchors = enrollments.SelectMany(e => e.Mechanism.Certificates).Select(filled => filled.Certificate).ToList();
        var search = FindPaths(chain, anchors, blocks, at);
        if (search.Refusal is { } refusal)
        {
            var fault = anchors.Count == 0 && IsUnknownSigner(refusal) ? NotEnrolled(device, refusal) : refusal;
            return new AttestationVerdict.Refused(device, at, fault, enrollments.Count > 0 ? enrollments[0].Key : null);
        }

        var nearest = Nearest(search.Paths, enrollments);
        if (nearest.SelectMany(match => blocks.Where(match.Enrollment.Key.IsRefusedBy)).FirstOrDefault() is { } blocked)
        {
            return new AttestationVerdict.Refused(device, at, AttestationRefusals.BlockedBy(blocked), enrollments[0].Key);
        }

        var denying = nearest.FirstOrDefault(match => !match.Enrollment.IsEnabled);
        if (denying.Enrollment is { } disabled)
        {
            return new AttestationVerdict.Refused(device, at, AttestationRefusals.DisabledBy(disabled.Key), disabled.Key);
        }

        var (enrollment, slot, anchor) = nearest[0];
        return new AttestationVerdict.Accepted(device, at, enrollment, slot, new AttestationAnchor.OfCertificate(anchor));
    }

    // A blocked authority is as good as not there. Where a path leads through nothing else, the block is the reason.
    private PathSearch FindPaths(CertificateChain chain, List<Certificate> anchors, IReadOnlyList<Block> blocks, DateTimeOffset at)
    {
        if (blocks.Count == 0)
        {
            return policy.FindPaths(chain, anchors, at);
        }

        var left = chain.Issuers.Where(issuer => !IsBlocked(issuer)).ToList();
        var search = CertificateChain.TryCreate(chain.Leaf, left, out var clean, out var refusal)
            ? policy.FindPaths(clean, [.. anchors.Where(anchor => !IsBlocked(anchor))], at)
            : new PathSearch([], refusal);
        return search.Refusal is not null && policy.FindPaths(chain, anchors, at).Paths is [var path, ..]
            ? new PathSearch(
                [],
                AttestationRefusals.BlockedBy(blocks.First(block => path.Certificates.Any(block.Refuses))))
            : search;

        bool IsBlocked(Certificate certificate) => blocks.Any(block => block.Refuses(certificate));
    }

    // All entries whose certificate is as near to the leaf as any, oldest entry first: a disabled one among them denies.
    private static List<(Enrollment Enrollment, Slot Slot, Certificate Anchor)> Nearest(
        IReadOnlyList<CertificatePath> paths, IReadOnlyList<Enrollment> enrollments)
    {
        var anchors = paths.TakeWhile(path => path.Depth == paths[0].Depth).Select(path => path.Anchor).ToList();
        return
        [
            .. from enrollment in enrollments
               from anchor in anchors
               from held in enrollment.Mechanism.Certificates.Where(filled => filled.Certificate.Thumbprint == anchor.Thumbprint).Take(1)
               select (enrollment, held.Slot, anchor),
        ];
    }

    private static bool IsUnknownSigner(Refusal refusal) =>
        refusal.Reason == CertificateRefusals.UnknownAuthority || refusal.Reason == CertificateRefusals.MissingIntermediate;

    private static Refusal NotEnrolled(AuthenticatedDevice device, Refusal refusal) => new(
        AttestationRefusals.NotEnrolled,
        $"There is no individual enrollment '{device.RegistrationId}' and no group for any signer of the chain. {refusal.Detail}");
}
