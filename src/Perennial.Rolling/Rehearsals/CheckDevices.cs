using Perennial.Provisioning.Enrollments;

namespace Perennial.Rolling.Rehearsals;

/// <summary>Where a plan does not fit how its devices were seen to be. Pure.</summary>
internal static class CheckDevices
{
    // The share of devices whose silence a soak or a window is to span.
    private const double Most = 0.95;

    public static IEnumerable<RehearsalFinding?> Find(RehearsalScene scene) =>
    [
        SoakTooShort(scene),
        MethodToSleeping(scene),
        HubKnowsOldLeaf(scene),
        ClockBehind(scene),
        NewEndsFirst(scene),
        TooSlow(scene),
        Unknown(scene),
    ];

    private static RehearsalFinding? SoakTooShort(RehearsalScene scene)
    {
        var silences = scene.Devices.Where(device => device is { IsGone: false, IsConnected: false }).Select(device => device.Rhythm.Longest).Order().ToList();
        var usual = silences.Count == 0 ? TimeSpan.Zero : silences[(int)(Most * (silences.Count - 1))];
        var waits = scene.Roll.Plan.Soak > scene.Roll.Plan.ContactWithin ? scene.Roll.Plan.Soak : scene.Roll.Plan.ContactWithin;
        return usual <= waits ? null : new(
            FindingKind.SoakTooShort,
            FindingSeverity.Warns,
            silences.Count(silence => silence > waits),
            $"A wave is watched for {Words(waits)}, and its devices are silent for up to {Words(usual)}: one that is lost does not show before the next wave begins.",
            $"Set 'soakSeconds' to {(long)usual.TotalSeconds} or more.");
    }

    private static RehearsalFinding? MethodToSleeping(RehearsalScene scene)
    {
        var sleeping = scene.Devices.Count(device => device is { IsConnected: false, IsMoved: false, IsWaived: false });
        return (scene.Roll.Plan.Offer ?? scene.Group?.RollOffer) != RollOffer.Method || sleeping == 0 ? null : new(
            FindingKind.MethodToSleeping,
            scene.Roll.Plan.Failures.IsReached(sleeping, scene.Devices.Count) ? FindingSeverity.Blocks : FindingSeverity.Warns,
            sleeping,
            $"{sleeping} devices are not connected: a direct method does not reach them, and each counts as failed.",
            "Offer by 'desiredProperty', which waits for the device.");
    }

    private static RehearsalFinding? HubKnowsOldLeaf(RehearsalScene scene)
    {
        var stuck = scene.Devices.Count(device => device is { FollowsEnrollment: false, RegistersAgain: false, IsMoved: false });
        return stuck == 0 ? null : new(
            FindingKind.HubKnowsOldLeaf,
            FindingSeverity.Blocks,
            stuck,
            $"The hubs of {stuck} devices know their present leaf only, and the devices were never seen to register again: with the new leaf they are unauthorized.",
            "Let the devices register when they are refused, or take their hubs out of azure mode.");
    }

    private static RehearsalFinding? ClockBehind(RehearsalScene scene)
    {
        var behind = scene.Devices.Where(device => !device.IsMoved && device.ClockError < -scene.Leaf.Backdating).ToList();
        return behind.Count == 0 || scene.Leaf.SpecimenEnd is not null ? null : new(
            FindingKind.ClockBehind,
            FindingSeverity.Blocks,
            behind.Count,
            $"The clocks of {behind.Count} devices lie up to {Words(-behind.Min(device => device.ClockError))} behind, and a new leaf begins {Words(scene.Leaf.Backdating)} before its issue: to them it is not valid yet.",
            "Set the beginning back further in the profile, or set the clocks of the devices first.");
    }

    private static RehearsalFinding? NewEndsFirst(RehearsalScene scene)
    {
        var shorter = scene.Devices.Count(device => !device.IsMoved && device.LeafEnd is { } old && (device.StagedEnd ?? scene.Leaf.EndOf(scene.Start)) is { } made && made < old);
        return shorter == 0 ? null : new(
            FindingKind.NewEndsFirst,
            FindingSeverity.Blocks,
            shorter,
            $"The new leaf of {shorter} devices would end before the one that they have.",
            "Issue leaves that are valid for longer, or leave those devices out.");
    }

    // What no order of waves can mend: too many devices for the rate and the time that is left.
    private static RehearsalFinding? TooSlow(RehearsalScene scene)
    {
        var plan = scene.Roll.Plan;
        var (devices, ends) = (scene.Devices.Count(device => !device.IsMoved), scene.Signer(scene.Roll.Old)?.NotAfter);
        var least = TimeSpan.FromMinutes((double)devices / plan.EffectiveRate);
        return ends is not { } end || scene.Start + least <= end ? null : new(
            FindingKind.TooSlow,
            FindingSeverity.Blocks,
            devices,
            CheckPlan.Say($"{devices} devices at {plan.EffectiveRate} a minute take {Words(least)} at least, and the old signing certificate ends on {end:yyyy-MM-dd HH:mm} UTC."),
            "Raise the rate as far as the service bears it, or start with those that end first.");
    }

    private static RehearsalFinding? Unknown(RehearsalScene scene)
    {
        var unknown = scene.Devices.Count(device => device is { Prospect: null, IsMoved: false });
        return unknown == 0 ? null : new(
            FindingKind.UnknownDevices,
            FindingSeverity.Warns,
            unknown,
            $"Of {unknown} devices no chain was accepted yet: nothing can be said of them, and they hold the overlap open.",
            "Look at them before the roll, or waive them when it runs.");
    }

    internal static string Words(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => CheckPlan.Say($"{time.TotalDays:0.#} days"),
        { TotalHours: >= 2 } => CheckPlan.Say($"{time.TotalHours:0.#} hours"),
        { TotalMinutes: >= 2 } => CheckPlan.Say($"{time.TotalMinutes:0.#} minutes"),
        _ => CheckPlan.Say($"{time.TotalSeconds:0.#} s"),
    };
}
