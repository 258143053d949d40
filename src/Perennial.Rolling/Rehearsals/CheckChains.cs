using Perennial.Provisioning.Attestation;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What is wrong with the chains that devices will present. Pure: the attestation function was asked before.</summary>
internal static class CheckChains
{
    public static IEnumerable<RehearsalFinding?> Find(RehearsalScene scene)
    {
        foreach (var lot in scene.Devices.Where(device => device.Prospect is not null).GroupBy(device => device.Prospect!))
        {
            yield return Disabled(lot.Key, lot.Count(device => !device.IsWaived));
            yield return Refused(lot.Key, lot.Count());
            yield return TakenByOld(scene, lot.Key, lot.Count());
            yield return TooLong(scene, lot.Key, lot.Count());
            yield return BelowBoth(lot.Key, lot.Count(device => !device.IsMoved));
        }

        foreach (var lot in scene.Devices.GroupBy(scene.LeafOf))
        {
            yield return ForeignName(lot.Key, lot.Count());
            yield return IssuerOutlived(scene, lot.Key, lot.Count());
            yield return NoIssuer(lot.Key, lot.Count(device => !device.IsWaived));
            yield return Assumed(lot.Key, lot.Count());
        }
    }

    private static RehearsalFinding? Disabled(ChainProspect prospect, long devices) => prospect.DisabledBy is null || devices == 0 ? null : new(
        FindingKind.EnrollmentDisabled,
        FindingSeverity.Blocks,
        devices,
        $"The {prospect.DisabledBy} is disabled: it refuses the new leaves of {prospect.Name} as it refuses the old ones.",
        "Enable the enrollment, or waive its devices.");

    private static RehearsalFinding? Refused(ChainProspect prospect, long devices)
    {
        if ((prospect.NewRefusal ?? prospect.RefusalAfterwards) is not { } refusal || prospect.DisabledBy is not null)
        {
            return null;
        }

        var lacksIssuer = refusal.Reason == CertificateRefusals.MissingIntermediate || refusal.Reason == CertificateRefusals.UnknownAuthority
            || refusal.Reason == AttestationRefusals.NotEnrolled;
        var when = prospect.NewRefusal is null ? "when the old certificate is retired" : "at once";
        return new(
            lacksIssuer ? FindingKind.MissingIntermediate : FindingKind.NewRefused,
            FindingSeverity.Blocks,
            devices,
            $"The new chain of {prospect.Name} would be refused {when} ({refusal.Reason.Number}): {refusal.Reason.Title} {refusal.Detail}",
            lacksIssuer ? "Have devices send every certificate between their leaf and the new signing certificate, or stage the authority that signs leaves." : refusal.Reason.Remedy);
    }

    private static RehearsalFinding? TakenByOld(RehearsalScene scene, ChainProspect prospect, long devices) => !prospect.IsNewTakenByOld ? null : new(
        FindingKind.WrongAuthority,
        FindingSeverity.Blocks,
        devices,
        scene.Issuers is null
            ? $"What devices of {prospect.Name} obtain is below the old certificate: they would never count as moved, and the roll would never end."
            : $"What devices of {prospect.Name} obtain is not issued by the new authority of '{scene.Roll.Issuer}': they would never count as moved, and the overlap would last until their leaves end.",
        scene.Issuers is null
            ? "Let the profile of the enrollment name an issuer below the new signing certificate."
            : $"Let the profile of the enrollment name the issuer '{scene.Roll.Issuer}', or waive the devices.");

    private static RehearsalFinding? TooLong(RehearsalScene scene, ChainProspect prospect, long devices) =>
        prospect.NewBytes <= Math.Max(scene.DeviceBuffer, prospect.OldBytes) ? null : new(
            FindingKind.ChainTooLong,
            FindingSeverity.Blocks,
            devices,
            $"The new chain of {prospect.Name} has {prospect.NewBytes} bytes; the devices have shown no more than {prospect.OldBytes}, and {scene.DeviceBuffer} is what they are taken to hold.",
            "Issue a shorter chain, with elliptic keys or fewer intermediates; or name in 'largestChainBytes' what the devices hold.");

    private static RehearsalFinding? BelowBoth(ChainProspect prospect, long devices) => !prospect.IsTakenByNew || devices == 0 ? null : new(
        FindingKind.BelowBoth,
        FindingSeverity.Warns,
        devices,
        $"Devices of {prospect.Name} are taken by the new certificate with the chain that they have, through a certificate that links the two: they count as moved without rolling.",
        "Roll their leaves too, before the certificate ends that links the two.");

    private static RehearsalFinding? ForeignName(NewLeaf leaf, long devices) => leaf.ForeignName is not { } name ? null : new(
        FindingKind.CommonNameChanged,
        FindingSeverity.Blocks,
        devices,
        $"The common name of the new leaf is '{name}', which is the registration id of no device of the roll: a device whose common name changes is another device.",
        "Issue new leaves with the common name of the old ones.");

    private static RehearsalFinding? IssuerOutlived(RehearsalScene scene, NewLeaf leaf, long devices)
    {
        var own = leaf.SpecimenEnd ?? scene.Start + leaf.Validity;
        return own is not { } end || leaf.IssuerEnd is not { } issuer || issuer >= end ? null : new(
            FindingKind.IssuerOutlived,
            FindingSeverity.Blocks,
            devices,
            Words.Say($"The new leaf would be valid until {end:yyyy-MM-dd}, and an authority above it ends on {issuer:yyyy-MM-dd}."),
            "Roll the authority first, or issue leaves that end before it.");
    }

    private static RehearsalFinding? NoIssuer(NewLeaf leaf, long devices) => leaf.IssuerFault is not { } fault || devices == 0 ? null : new(
        FindingKind.NoIssuer,
        FindingSeverity.Blocks,
        devices,
        fault,
        leaf.IssuerRemedy);

    private static RehearsalFinding? Assumed(NewLeaf leaf, long devices) => !leaf.IsAssumed ? null : new(
        FindingKind.NewChainAssumed,
        FindingSeverity.Warns,
        devices,
        "Nothing shows what devices will present: the enrollment names no profile, no device uses the new certificate yet, and no specimen was given. A leaf directly below the new certificate is assumed.",
        "Send a chain as a device will present it in 'specimen'.");
}
