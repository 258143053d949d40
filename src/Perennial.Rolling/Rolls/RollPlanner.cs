using System.Globalization;

namespace Perennial.Rolling.Rolls;

/// <summary>Decides what is next in a roll. Pure: the same state, facts and time give the same step.</summary>
public static class RollPlanner
{
    /// <summary>Devices that one step touches, at most: a halt is noticed between two steps.</summary>
    public const int MaxOffers = 50;

    private const double SilentSeconds = 60;

    public static RollStep Plan(Roll roll, RollFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(roll);
        ArgumentNullException.ThrowIfNull(facts);
        if (roll.State != RollState.Running)
        {
            return new RollStep.Wait($"an operator: the roll is {roll.State}");
        }

        if (!facts.IsStaged)
        {
            return new RollStep.Halt("The new certificate does not stand beside the old one in the enrollment any more. Stage it again, then resume.");
        }

        if (FindHalt(roll.Plan, facts, now) is { } reason)
        {
            return new RollStep.Halt(reason);
        }

        if (facts is { Devices: > 0, Open: 0 })
        {
            return new RollStep.Retire();
        }

        var missing = roll.Plan.SizeOf(roll.Wave) - facts.Wave.Count;
        return facts.Pending == 0 ? new RollStep.Wait("the devices that have not moved")
            : missing > 0 ? PlanOffer(roll.Plan, facts, missing, now)
            : PlanGate(roll.Plan, facts, now);
    }

    /// <summary>Why the roll is to halt; null when it is not.</summary>
    private static string? FindHalt(RollPlan plan, RollFacts facts, DateTimeOffset now)
    {
        var wave = facts.Wave.Where(device => device.Waiver is null).ToList();
        var failed = wave.Count(device => device is { Failure: not null, IsMoved: false });
        if (plan.Failures.IsReached(failed, wave.Count))
        {
            return Sentence($"{failed} of {wave.Count} devices of the wave report a failure.");
        }

        var refused = wave.Count(device => device is { IsRefused: true, Seen: { } seen } && seen > device.Offered);
        if (plan.Refusals.IsReached(refused, wave.Count))
        {
            return Sentence($"{refused} of {wave.Count} devices of the wave were refused since they were offered the new certificate.");
        }

        var lost = wave.Count(device => HasLostContact(device, device.Offered, plan.ContactWithin, now));
        var silent = facts.Outside.Count(device => HasLostContact(device, now - plan.ContactWithin, plan.ContactWithin, now));
        var expected = facts.Outside.Count == 0 ? 0 : (double)silent / facts.Outside.Count * wave.Count;
        return plan.LostContact.IsReached((int)Math.Floor(lost - expected), wave.Count)
            ? Sentence($"{lost} of {wave.Count} devices of the wave did not come back; {silent} of {facts.Outside.Count} outside it are silent.")
            : null;
    }

    private static bool HasLostContact(RollDevice device, DateTimeOffset? since, TimeSpan within, DateTimeOffset now) =>
        !device.IsConnected && !device.IsMoved && since is { } from && now - from >= within && (device.Seen is not { } seen || seen <= from);

    private static RollStep PlanOffer(RollPlan plan, RollFacts facts, int missing, DateTimeOffset now)
    {
        if (!plan.IsWindowOpen(now))
        {
            return new RollStep.Wait("the maintenance window");
        }

        var budget = plan.EffectiveRate - facts.OfferedLately;
        return budget <= 0
            ? new RollStep.Wait(Sentence($"the rate of {plan.EffectiveRate} devices in {SilentSeconds} s"))
            : new RollStep.Offer((int)Math.Min(Math.Min(budget, missing), Math.Min(facts.Pending, MaxOffers)));
    }

    private static RollStep PlanGate(RollPlan plan, RollFacts facts, DateTimeOffset now)
    {
        var done = facts.Wave.Count(device => !device.HoldsOpen);
        if (done < plan.Gate * facts.Wave.Count)
        {
            return new RollStep.Wait(Sentence($"the gate: {done} of {facts.Wave.Count} devices of the wave have moved, {plan.Gate:P0} must have"));
        }

        return now - facts.Wave.Max(device => device.Offered) < plan.Soak ? new RollStep.Wait("the soak of the wave") : new RollStep.NextWave();
    }

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
