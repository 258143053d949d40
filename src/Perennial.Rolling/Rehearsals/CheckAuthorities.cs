using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What is wrong with the new signing certificate, or the new issuing authority, beside the old one. Pure.</summary>
internal static class CheckAuthorities
{
    public static IEnumerable<RehearsalFinding?> Find(RehearsalScene scene) =>
    [
        NotTrusted(scene),
        CannotIssue(scene),
        SameKey(scene),
        SameSubject(scene),
        NewEndsFirst(scene),
    ];

    private static RehearsalFinding? NotTrusted(RehearsalScene scene) => scene.Issuers?.Fault is not { } fault ? null : new(
        FindingKind.NotStaged,
        FindingSeverity.Blocks,
        scene.Devices.Count,
        $"{fault.Sentence} The roll would halt before the new authority issues.",
        fault.Remedy);

    private static RehearsalFinding? CannotIssue(RehearsalScene scene) => scene.Issuers?.IssueFault is not { } fault ? null : new(
        FindingKind.NoIssuer,
        FindingSeverity.Blocks,
        scene.Devices.Count,
        $"{fault} The roll would halt before the first device is told.",
        $"Prepare another authority with: perennial ca create {scene.Roll.Issuer} --stage. Then plan the roll anew.");

    private static RehearsalFinding? SameKey(RehearsalScene scene) =>
        scene.Signer(scene.Roll.Old) is { } old && scene.Signer(scene.Roll.New) is { } made && old.KeyThumbprint == made.KeyThumbprint
            ? new(
                FindingKind.SameKey,
                scene.Roll.Reason == RollReason.Breach ? FindingSeverity.Blocks : FindingSeverity.Warns,
                scene.Devices.Count,
                $"The new {scene.Signing} has the key of the old one: who has that key can go on issuing, and leaves below either are taken by both.",
                "Make the new certificate with a key of its own.")
            : null;

    private static RehearsalFinding? SameSubject(RehearsalScene scene) =>
        scene.Signer(scene.Roll.Old) is { } old && scene.Signer(scene.Roll.New) is { } made && old.Subject.Key == made.Subject.Key
        && (old.SubjectKeyIdentifier is null || made.SubjectKeyIdentifier is null)
            ? new(
                FindingKind.SameSubject,
                FindingSeverity.Warns,
                scene.Devices.Count,
                $"Old and new {scene.Signing} have one subject and no key identifiers: this service tries the signature of both, other software takes one for the other.",
                "Make the new certificate with a subject of its own, or with a subject key identifier.")
            : null;

    private static RehearsalFinding? NewEndsFirst(RehearsalScene scene) =>
        scene.Signer(scene.Roll.Old) is { } old && scene.Signer(scene.Roll.New) is { } made && made.NotAfter < old.NotAfter
            ? new(
                FindingKind.NewEndsFirst,
                FindingSeverity.Blocks,
                scene.Devices.Count,
                Words.Say($"The new {scene.Signing} ends on {made.NotAfter:yyyy-MM-dd}, before the old one does on {old.NotAfter:yyyy-MM-dd}."),
                scene.Issuers is null
                    ? "Stage one that outlives the old one; or roll the other way round, with the other slot as the old one."
                    : "Prepare one that outlives the old one, and plan the roll anew.")
            : null;
}
