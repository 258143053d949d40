using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What can be said of a plan before it is played. Pure.</summary>
internal static class CheckPlan
{
    /// <summary>Whether it is worth playing: it has devices, and what they are to use stands in the enrollment, or can be put there by the roll.</summary>
    public static bool IsPlayable(RehearsalScene scene) =>
        scene.Issuers is { } issuers ? issuers.CanBegin : scene.Devices.Count > 0 && (scene.Roll.Group is null || IsStaged(scene));

    public static IEnumerable<RehearsalFinding> Find(RehearsalScene scene) =>
        Parts(scene).Concat(CheckAuthorities.Find(scene)).Concat(CheckChains.Find(scene)).Concat(CheckCanary.Find(scene)).Concat(CheckDevices.Find(scene)).OfType<RehearsalFinding>();

    private static IEnumerable<RehearsalFinding?> Parts(RehearsalScene scene) =>
    [
        NoDevices(scene),
        NotStaged(scene),
        Disabled(scene),
        WindowsNeverOpen(scene),
        LimitUnreachable(scene, "refusals", scene.Roll.Plan.Refusals),
        LimitUnreachable(scene, "failures", scene.Roll.Plan.Failures),
        LimitUnreachable(scene, "lostContact", scene.Roll.Plan.LostContact),
    ];

    private static bool IsStaged(RehearsalScene scene) => scene.Signer(scene.Roll.Old) is not null && scene.Signer(scene.Roll.New) is not null;

    // An issuing authority whose leaves are all over is retired at once.
    private static RehearsalFinding? NoDevices(RehearsalScene scene) => scene.Devices.Count > 0 || scene.Issuers is not null ? null : new(
        FindingKind.NoDevices,
        FindingSeverity.Blocks,
        0,
        "The roll has no device, so it would never end.",
        "Roll when devices are registered through the enrollment; until then save it without the old certificate.");

    private static RehearsalFinding? NotStaged(RehearsalScene scene) => scene.Roll.Group is null || IsStaged(scene) ? null : new(
        FindingKind.NotStaged,
        FindingSeverity.Blocks,
        scene.Devices.Count,
        $"The {scene.Roll.Group} does not hold the old and the new certificate of the roll any more.",
        "Stage the new certificate in the free slot, and plan the roll anew.");

    // In a roll of an issuing authority it is told of the enrollments that its devices have.
    private static RehearsalFinding? Disabled(RehearsalScene scene)
    {
        var disabled = scene.Issuers is null ? scene.Enrollments.Where(enrollment => !enrollment.IsEnabled).ToList() : [];
        return disabled.Count == 0 ? null : new(
            FindingKind.EnrollmentDisabled,
            FindingSeverity.Blocks,
            scene.Roll.Group is null ? disabled.Count : scene.Devices.Count,
            $"The {disabled[0].Key} is disabled: it refuses the new certificate as it refuses the old one.",
            "Enable the enrollment, or take its devices out of the roll.");
    }

    private static RehearsalFinding? WindowsNeverOpen(RehearsalScene scene)
    {
        var plan = scene.Roll.Plan;
        if (plan.Windows.Count == 0)
        {
            return null;
        }

        var minutes = (int)RehearsalScene.Horizon.TotalMinutes;
        var last = LastAccess(scene);
        var first = Enumerable.Range(0, minutes).Select(minute => scene.Start.AddMinutes(minute)).Cast<DateTimeOffset?>().FirstOrDefault(at => plan.IsWindowOpen(at!.Value));
        return first is { } opens && (last is null || opens < last) ? null : new(
            FindingKind.WindowsNeverOpen,
            FindingSeverity.Blocks,
            scene.Devices.Count,
            first is { } late ? Words.Say($"The first maintenance window opens on {late:yyyy-MM-dd HH:mm} UTC, when the last device has lost access.") : "No maintenance window opens within a year.",
            "Let a window begin before the certificates end.");
    }

    private static DateTimeOffset? LastAccess(RehearsalScene scene)
    {
        var known = scene.Devices.Where(device => !device.IsMoved).Select(device => device.LeafEnd).ToList();
        return known.Count == 0 || known.Contains(null) ? null : known.Max();
    }

    // A wave of fewer devices than the limit names never reaches it, whatever becomes of them. One that only the canary cannot reach protects from the next wave on.
    private static RehearsalFinding? LimitUnreachable(RehearsalScene scene, string member, HaltLimit limit)
    {
        var plan = scene.Roll.Plan;
        var (first, second) = (plan.SizeOf(0), plan.SizeOf(1));
        var largest = Math.Max(first, Math.Min(second, Math.Max(1, scene.Devices.Count - first)));
        return limit.Devices <= largest || scene.Devices.Count < 2 ? null : new(
            FindingKind.LimitUnreachable,
            scene.Devices.Count < 2 * limit.Devices ? FindingSeverity.Warns : FindingSeverity.Blocks,
            0,
            Words.Say($"The limit '{member}' asks for {limit.Devices} devices, and neither the canary nor the second wave has as many: a plan that harms them all would not be halted by it."),
            Words.Say($"Set it to at most {first}, the size of the canary."));
    }
}
