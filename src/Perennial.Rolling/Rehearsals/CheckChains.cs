using Perennial.Provisioning.Attestation;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What is wrong with the chains that devices will present. Pure: the attestation function was asked before.</summary>
internal static class CheckChains
{
    public static IEnumerable<RehearsalFinding?> Find(RehearsalScene scene)
    {
        foreach (var lot in scene.Devices.Where(device => device.Prospect is not null).GroupBy(device => device.Prospect!))
        {
            yield return Refused(lot.Key, lot.Count());
            yield return TakenByOld(lot.Key, lot.Count());
            yield return TooLong(scene, lot.Key, lot.Count());
            yield return BelowBoth(lot.Key, lot.Count(device => !device.IsMoved));
        }

        yield return ForeignName(scene);
        yield return IssuerOutlived(scene);
        yield return NoIssuer(scene);
        yield return Assumed(scene);
    }

    private static RehearsalFinding? Refused(ChainProspect prospect, long devices)
    {
        if ((prospect.NewRefusal ?? prospect.RefusalAfterwards) is not { } refusal)
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

    private static RehearsalFinding? TakenByOld(ChainProspect prospect, long devices) => !prospect.IsNewTakenByOld ? null : new(
        FindingKind.WrongAuthority,
        FindingSeverity.Blocks,
        devices,
        $"What devices of {prospect.Name} obtain is below the old certificate: they would never count as moved, and the roll would never end.",
        "Let the profile of the enrollment name an issuer below the new signing certificate.");

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

    private static RehearsalFinding? ForeignName(RehearsalScene scene) => scene.Leaf.ForeignName is not { } name ? null : new(
        FindingKind.CommonNameChanged,
        FindingSeverity.Blocks,
        scene.Devices.Count,
        $"The common name of the new leaf is '{name}', which is the registration id of no device of the roll: a device whose common name changes is another device.",
        "Issue new leaves with the common name of the old ones.");

    private static RehearsalFinding? IssuerOutlived(RehearsalScene scene)
    {
        var leaf = scene.Leaf;
        var own = leaf.SpecimenEnd ?? scene.Start + leaf.Validity;
        return own is not { } end || leaf.IssuerEnd is not { } issuer || issuer >= end ? null : new(
            FindingKind.IssuerOutlived,
            FindingSeverity.Blocks,
            scene.Devices.Count,
            CheckPlan.Say($"The new leaf would be valid until {end:yyyy-MM-dd}, and an authority above it ends on {issuer:yyyy-MM-dd}."),
            "Roll the authority first, or issue leaves that end before it.");
    }

    private static RehearsalFinding? NoIssuer(RehearsalScene scene) => scene.Leaf.IssuerFault is not { } fault ? null : new(
        FindingKind.NoIssuer,
        FindingSeverity.Blocks,
        scene.Devices.Count,
        fault,
        "Give the issuer an active slot, or name another profile in the enrollment.");

    private static RehearsalFinding? Assumed(RehearsalScene scene) => !scene.Leaf.IsAssumed ? null : new(
        FindingKind.NewChainAssumed,
        FindingSeverity.Warns,
        scene.Devices.Count,
        "Nothing shows what devices will present: the enrollment names no profile, no device uses the new certificate yet, and no specimen was given. A leaf directly below the new certificate is assumed.",
        "Send a chain as a device will present it in 'specimen'.");
}
