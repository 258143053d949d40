using Perennial.Rolling.Rolls;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What the play of a plan showed. Pure.</summary>
internal static class CheckOutcome
{
    public static IEnumerable<RehearsalFinding> Find(RehearsalScene scene, VirtualRolls rolls, VirtualFleet fleet, RehearsalResult result)
    {
        if (!CheckPlan.IsPlayable(scene))
        {
            return [];
        }

        return new[]
        {
            Halts(rolls),
            WindowTooShort(scene, fleet),
            TooLate(result),
            TooSlow(scene, result),
            GateUnreachable(scene, rolls),
            NotDone(rolls, result, fleet),
            Stragglers(fleet, result),
            Exceeded(FindingKind.IssuanceRateExceeded, "certificates", "the issuing authority bears", result.Peak.Issuances, scene.Capacities.Issuances),
            Exceeded(FindingKind.RegistrationRateExceeded, "registrations", "the provisioning service bears", result.Peak.Registrations, scene.Capacities.Registrations),
            Exceeded(FindingKind.HandshakeRateExceeded, "handshakes", "the hubs bear", result.Peak.Handshakes, scene.Capacities.Handshakes),
        }.OfType<RehearsalFinding>();
    }

    private static RehearsalFinding? Halts(VirtualRolls rolls) => rolls.Roll is not { State: RollState.Paused, HaltReason: { } reason } ? null : new(
        FindingKind.Halts,
        FindingSeverity.Blocks,
        rolls.Wave.Count,
        $"The roll halts in wave {rolls.Roll.Wave}: {reason}",
        "Mend what is wrong with those devices, or set the limits to what is usual in this fleet.");

    private static RehearsalFinding? WindowTooShort(RehearsalScene scene, VirtualFleet fleet)
    {
        var plan = scene.Roll.Plan;
        var late = fleet.Devices.Where(device => device is { Miss: Miss.WindowOver, IsMoved: false }).ToList();
        var (missed, offered) = (late.Count, fleet.Devices.Count(device => device is { Wave: not null, Seen.IsGone: false }));
        return missed == 0 ? null : new(
            FindingKind.WindowTooShort,
            missed > (1 - plan.Gate) * offered ? FindingSeverity.Blocks : FindingSeverity.Warns,
            missed,
            $"{Words.Devices(missed)} {Words.Of(missed, "comes", "come")} when the window of {Words.Time(plan.OfferWindow)} is over that was told; the agent rolls all the same, other devices may not.",
            $"Set 'offerWindowSeconds' to {(long)Math.Ceiling(late.Max(LongestWait).TotalSeconds)} or more.");
    }

    // One that comes too early by a slow clock comes again; one with a fast clock sees the window end sooner.
    private static TimeSpan LongestWait(VirtualDevice device) =>
        device.Seen.ClockError < TimeSpan.Zero ? (2 * device.Seen.Rhythm.Longest) - device.Seen.ClockError : device.Seen.Rhythm.Longest + device.Seen.ClockError;

    private static RehearsalFinding? TooLate(RehearsalResult result) => result.Lost.Count == 0 ? null : new(
        FindingKind.TooLate,
        FindingSeverity.Blocks,
        result.Lost.Count,
        Words.Say($"{Words.Devices(result.Lost.Count)} {Words.Of(result.Lost.Count, "loses", "lose")} access, the first on {result.Lost[0].At:yyyy-MM-dd HH:mm} UTC: of '{result.Lost[0].Device}' {result.Lost[0].Reason}."),
        "Start earlier or go faster, name those that end first as canary, or mend what keeps them from moving.");

    private static RehearsalFinding? TooSlow(RehearsalScene scene, RehearsalResult result) =>
        scene.Signer(scene.Roll.Old) is not { } old || (result.LastMoved ?? DateTimeOffset.MinValue) <= old.NotAfter ? null : new(
            FindingKind.TooSlow,
            FindingSeverity.Blocks,
            0,
            Words.Say($"Devices would still be moving when the old {scene.Signing} ends on {old.NotAfter:yyyy-MM-dd}."),
            "Start earlier, or make waves larger, soaks shorter or the rate higher.");

    private static RehearsalFinding? GateUnreachable(RehearsalScene scene, VirtualRolls rolls) => rolls.Stuck is not { } stuck ? null : new(
        FindingKind.GateUnreachable,
        FindingSeverity.Blocks,
        stuck.Offered - stuck.Moved,
        Words.Say($"Wave {stuck.Wave} does not pass its gate before certificates end: {stuck.Moved} of {Words.Devices(stuck.Offered)} {Words.Of(stuck.Offered, "moves", "move")}, {scene.Roll.Plan.Gate:P0} must; {stuck.Gone} of them {Words.Of(stuck.Gone, "is", "are")} taken to be gone."),
        "Lower the gate below the share of devices that come, or waive or leave out those that are gone.");

    private static RehearsalFinding? NotDone(VirtualRolls rolls, RehearsalResult result, VirtualFleet fleet) => result.Completes || rolls.Roll.State == RollState.Paused ? null : new(
        FindingKind.NotDone,
        fleet.Devices.Any(device => device is { HoldsOpen: true, Seen.IsGone: false, Seen.Prospect: not null }) ? FindingSeverity.Blocks : FindingSeverity.Warns,
        fleet.Open,
        $"After {RehearsalScene.Horizon.TotalDays} days {Words.Devices(fleet.Open)} {Words.Of(fleet.Open, "holds", "hold")} the overlap open.",
        "Waive those that do not come any more; mend what keeps the others from moving.");

    private static RehearsalFinding? Stragglers(VirtualFleet fleet, RehearsalResult result)
    {
        var gone = fleet.Devices.Where(device => device is { IsMoved: false, Seen.IsGone: true, Seen.IsWaived: false }).ToList();
        var isAnyRefused = gone.Exists(device => device.Seen.Prospect is { IsRefusedNow: true });
        return gone.Count == 0 ? null : new(
            FindingKind.Stragglers,
            FindingSeverity.Warns,
            gone.Count,
            Words.Say($"{Words.Devices(gone.Count)} {Words.Of(gone.Count, "seems", "seem")} to be gone{(isAnyRefused ? " or is refused already" : "")}, for instance '{gone[0].Seen.Device}': the overlap is held open until {Words.Of(gone.Count, "its leaf ends", "their leaves end, the last")} on {gone.Max(device => device.HoldsUntil):yyyy-MM-dd}."),
            result.LastMoved is { } last ? Words.Say($"Waive them by name; the others have moved by {last:yyyy-MM-dd}.") : "Waive them by name.");
    }

    private static RehearsalFinding? Exceeded(FindingKind kind, string what, string who, long peak, long? capacity) => capacity is not { } most || peak <= most ? null : new(
        kind,
        FindingSeverity.Blocks,
        0,
        $"The busiest minute has {peak} {what}, and {who} {most}.",
        "Lower 'ratePerMinute', or lengthen 'offerWindowSeconds', over which connected devices spread.");
}
