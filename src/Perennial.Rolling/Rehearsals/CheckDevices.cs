using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

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
            $"A wave is watched for {Words.Time(waits)}, and its devices are silent for up to {Words.Time(usual)}: one that is lost does not show before the next wave begins.",
            $"Set 'soakSeconds' to {(long)usual.TotalSeconds} or more.");
    }

    private static RehearsalFinding? MethodToSleeping(RehearsalScene scene)
    {
        var sleeping = scene.Devices.Count(device => device is { IsConnected: false, IsMoved: false, IsWaived: false });
        return (scene.Roll.Plan.Offer ?? scene.Group?.RollOffer) != RollOffer.Method || sleeping == 0 ? null : new(
            FindingKind.MethodToSleeping,
            scene.Roll.Plan.Failures.IsReached(sleeping, scene.Devices.Count) ? FindingSeverity.Blocks : FindingSeverity.Warns,
            sleeping,
            $"{Words.Devices(sleeping)} {Words.Of(sleeping, "is", "are")} not connected: a direct method does not reach {Words.Of(sleeping, "it", "them")}, and each counts as failed.",
            "Offer by 'desiredProperty', which waits for the device.");
    }

    private static RehearsalFinding? HubKnowsOldLeaf(RehearsalScene scene)
    {
        var stuck = scene.Devices.Count(device => device is { FollowsEnrollment: false, RegistersAgain: false, IsMoved: false });
        return stuck == 0 ? null : new(
            FindingKind.HubKnowsOldLeaf,
            FindingSeverity.Blocks,
            stuck,
            $"The hubs of {Words.Devices(stuck)} know the present leaf only, and no such device was ever seen to register again: with the new leaf it is unauthorized.",
            "Let the devices register when they are refused, or take their hubs out of azure mode.");
    }

    private static RehearsalFinding? ClockBehind(RehearsalScene scene)
    {
        var behind = scene.Devices.Where(device => device is { IsMoved: false, Prospect: not null } && scene.LeafOf(device) is { SpecimenEnd: null } leaf && device.ClockError < -leaf.Backdating).ToList();
        return behind.MinBy(device => device.ClockError) is not { } worst ? null : new(
            FindingKind.ClockBehind,
            FindingSeverity.Blocks,
            behind.Count,
            $"The clocks of {Words.Devices(behind.Count)} lie up to {Words.Time(-worst.ClockError)} behind, and a new leaf begins {Words.Time(scene.LeafOf(worst).Backdating)} before its issue: to them it is not valid yet.",
            "Set the beginning back further in the profile, or set the clocks of the devices first.");
    }

    private static RehearsalFinding? NewEndsFirst(RehearsalScene scene)
    {
        var shorter = scene.Devices.Count(device => !device.IsMoved && device.LeafEnd is { } old && (device.StagedEnd ?? scene.LeafOf(device).EndOf(scene.Start)) is { } made && made < old);
        return shorter == 0 ? null : new(
            FindingKind.NewEndsFirst,
            FindingSeverity.Blocks,
            shorter,
            $"The new leaf of {Words.Devices(shorter)} would end before the present one.",
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
            Words.Say($"{Words.Devices(devices)} at {plan.EffectiveRate} a minute {Words.Of(devices, "takes", "take")} {Words.Time(least)} at least, and the old {scene.Signing} ends on {end:yyyy-MM-dd HH:mm} UTC."),
            "Raise the rate as far as the service bears it, or start with those that end first.");
    }

    private static RehearsalFinding? Unknown(RehearsalScene scene)
    {
        var unknown = scene.Devices.Count(device => device is { Prospect: null, IsMoved: false });
        return unknown == 0 ? null : new(
            FindingKind.UnknownDevices,
            FindingSeverity.Warns,
            unknown,
            $"Of {Words.Devices(unknown)} no chain was accepted yet: nothing can be said of {Words.Of(unknown, "it", "them")}, and the overlap is held open.",
            "Look at them before the roll, or waive them when it runs.");
    }
}
