using Perennial.Provisioning;
using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>
/// Asks the attestation function of the chain that a class of devices has, and of the leaf that a new issuing authority will issue them: when the new
/// authority is trusted beside the old one, and when the old one is taken out. The leaf counts as one that is issued here does: by its record, in a slot,
/// or below a certificate of its group.
/// </summary>
/// <param name="enrollments">The enrollments.</param>
/// <param name="judge">Asks it of chains that were presented.</param>
/// <param name="attestation">The function.</param>
public sealed class JudgeIssued(IEnrollmentStore enrollments, JudgeChain judge, DeviceAttestation attestation)
{
    /// <param name="name">What the class is called.</param>
    /// <param name="enrollment">The enrollment that its devices come by, or one like it.</param>
    /// <param name="longest">The longest-living of the present chains.</param>
    /// <param name="specimen">The chain that devices will present; null when they will have none, or one of no concern.</param>
    /// <param name="trust">The groups that trust the old authority, as the roll will make them.</param>
    /// <param name="at">The time.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ChainProspect> RunAsync(
        string name, Enrollment enrollment, PresentedChain longest, Specimen? specimen, MovedTrust trust, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        ArgumentNullException.ThrowIfNull(longest);
        ArgumentNullException.ThrowIfNull(trust);
        var retired = ProposedEnrollments.Saved(trust.Retired);
        var present = await judge.RunAsync(longest, new TrustChange("retire the old authority", retired), at, cancellationToken);
        var prospect = new ChainProspect
        {
            Name = name,
            OldEnd = present?.Before,
            IsOldTakenAfterwards = present is null or { After: not null },
            IsRefusedNow = enrollment.IsEnabled && await IsRefusedAsync(longest, at, cancellationToken),
            DisabledBy = enrollment.IsEnabled ? null : enrollment.Key,
            OldBytes = JudgeProspect.BytesOf(longest.Chain),
        };
        return specimen is null ? prospect : await JudgeNewAsync(prospect with { NewBytes = specimen.Bytes }, enrollment, longest.Chain.Leaf, specimen, trust, at, cancellationToken);
    }

    private async Task<ChainProspect> JudgeNewAsync(
        ChainProspect prospect, Enrollment enrollment, Certificate present, Specimen specimen, MovedTrust trust, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!RegistrationId.TryParse(specimen.Name, out var id))
        {
            return prospect;
        }

        if (!Authenticate.TryByCertificate(id, specimen.Chain, out var device, out var refused))
        {
            return prospect with { NewRefusal = refused };
        }

        var issued = new Issued(device, specimen, Placed(enrollment, present, specimen.Chain.Leaf), at);
        var both = await FindAsync(issued, ProposedEnrollments.Saved(trust.Staged), cancellationToken);
        issued = issued with { StandsAlone = !IsAttested(issued, both) };
        return prospect with
        {
            NewRefusal = RefusalOf(issued, both),
            RefusalAfterwards = RefusalOf(issued, await FindAsync(issued, ProposedEnrollments.Saved(trust.Retired), cancellationToken)),
        };
    }

    // A device that holds its leaf in its own enrollment places the next one in the other slot.
    private static Enrollment Placed(Enrollment enrollment, Certificate present, Certificate leaf) => enrollment.Mechanism is AttestationMechanism.Leaves { Slots: var slots }
        ? enrollment with
        {
            Mechanism = new AttestationMechanism.Leaves(
                slots.SlotOf(present.Thumbprint) == Slot.Secondary ? new CertificateSlots(leaf, slots.Secondary) : new CertificateSlots(slots.Primary, leaf)),
        }
        : enrollment;

    private static Enrollment WithStandIns(Enrollment enrollment, Specimen specimen)
    {
        if (specimen.StandIns.Count == 0 || enrollment.Mechanism is not (AttestationMechanism.Signers or AttestationMechanism.CaReferences))
        {
            return enrollment;
        }

        var held = enrollment.Mechanism.Certificates.ToDictionary(filled => filled.Slot, filled => specimen.StandInFor(filled.Certificate));
        return held.Count == 0 ? enrollment : enrollment with
        {
            Mechanism = new AttestationMechanism.Signers(new CertificateSlots(held.GetValueOrDefault(Slot.Primary), held.GetValueOrDefault(Slot.Secondary))),
        };
    }

    private async Task<bool> IsRefusedAsync(PresentedChain presented, DateTimeOffset at, CancellationToken cancellationToken) =>
        Authenticate.TryByCertificate(presented.Device, presented.Chain, out var device, out _)
        && attestation.Attest(device, await enrollments.FindCandidatesAsync(device.RegistrationId, device.Proof, cancellationToken), at)
            is AttestationVerdict.Refused { Drained: null };

    /// <summary>What would decide about the new leaf, but for its record. Blocks of single devices and leaves concern those alone, and not their class.</summary>
    private async Task<EnrollmentCandidates> FindAsync(Issued issued, ProposedEnrollments proposed, CancellationToken cancellationToken)
    {
        var chain = CertificateChain.TryCreate(issued.Leaf, [.. issued.Specimen.Chain.Issuers.Select(issued.Specimen.OriginalOf)], out var sent, out _) ? sent : issued.Specimen.Chain;
        var found = await enrollments.FindCandidatesAsync(issued.Device.RegistrationId, new DeviceProof.ByCertificate(chain), proposed, cancellationToken);
        var own = WithStandIns(proposed.Instead(issued.Enrollment.Key, issued.Enrollment)!, issued.Specimen);
        return new EnrollmentCandidates(
            own.Key.Kind == EnrollmentKind.Individual ? own : null,
            null,
            [.. found.Groups.Select(group => group.Key == own.Key ? own : WithStandIns(group, issued.Specimen))])
        {
            Issued = new IssuedLeafMatch(issued.Record, own),
            Blocks = [.. found.Blocks.Where(block => block.Kind is BlockKind.Issuer or BlockKind.Group)],
        };
    }

    private bool IsAttested(Issued issued, EnrollmentCandidates candidates) =>
        attestation.Attest(issued.Device, candidates with { Issued = null }, issued.At) is AttestationVerdict.Accepted accepted && accepted.Enrollment.Key == issued.Enrollment.Key;

    private Refusal? RefusalOf(Issued issued, EnrollmentCandidates candidates)
    {
        var authorities = issued.Specimen.Chain.Issuers.Select(issued.Specimen.OriginalOf).ToList();
        return candidates.Blocks.FirstOrDefault(block => authorities.Exists(block.Refuses)) is { } blocked
            ? AttestationRefusals.BlockedBy(blocked)
            : (attestation.Attest(issued.Device, candidates with { Issued = new IssuedLeafMatch(issued.Record, candidates.Issued!.Enrollment) }, issued.At) as AttestationVerdict.Refused)?.Refusal;
    }

    /// <summary>The new leaf, with what it will be recorded as.</summary>
    private sealed record Issued(AuthenticatedDevice Device, Specimen Specimen, Enrollment Enrollment, DateTimeOffset At)
    {
        public bool StandsAlone { get; init; }

        public Certificate Leaf => Specimen.Chain.Leaf;

        public IssuedLeaf Record => new()
        {
            Thumbprint = Leaf.Thumbprint,
            Enrollment = Enrollment.Key,
            RegistrationId = Device.RegistrationId,
            Chain = [Leaf, .. Specimen.Chain.Issuers],
            Request = Leaf.KeyThumbprint,
            StandsAlone = StandsAlone,
            Issued = At,
        };
    }
}
