using System.Globalization;

namespace Perennial.Rolling.Rolls;

/// <summary>Decides what is next in a roll. Pure: the same state, facts and time give the same step.</summary>
public static class RollPlanner
{
    // A step claims no more than what the rate allows for two seconds, but as many at least: so offers keep even through a minute.
    private const int FewestOffers = 50;

    private const double SilentSeconds = 60;

    public static RollStep Plan(Roll roll, RollFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(roll);
        ArgumentNullException.ThrowIfNull(facts);
        if (roll.State != RollState.Running)
        {
            return new RollStep.Wait($"an operator: the roll is {roll.State}");
        }

        if (facts.IsRetired)
        {
            return new RollStep.Retire();
        }

        if (roll.Kind == RollKind.IssuingCa && !(facts.IsStaged && facts.IsIssuing))
        {
            return facts.IsStaged ? new RollStep.Issue() : new RollStep.Stage();
        }

        if (!facts.IsStaged)
        {
            return new RollStep.Halt("The new certificate does not stand beside the old one in the enrollment any more. Stage it again, then resume.");
        }

        if (FindHalt(roll.Plan, facts) is { } reason)
        {
            return new RollStep.Halt(reason);
        }

        // An authority that issued nothing that counts can be retired at once; a group may yet get its devices.
        if (facts.Open == 0 && (facts.Devices > 0 || roll.Kind == RollKind.IssuingCa))
        {
            return new RollStep.Retire();
        }

        var missing = roll.Plan.SizeOf(roll.Wave) - facts.Wave.Offered;
        return facts.Pending == 0 ? new RollStep.Wait("the devices that have not moved")
            : missing > 0 ? PlanOffer(roll.Plan, facts, missing, now)
            : PlanGate(roll.Plan, facts, now);
    }

    /// <summary>Why the roll is to halt; null when it is not.</summary>
    private static string? FindHalt(RollPlan plan, RollFacts facts)
    {
        var (wave, outside) = (facts.Wave, facts.Outside);
        if (plan.Failures.IsReached(wave.Failed, wave.Watched))
        {
            return Sentence($"{wave.Failed} of {Words.Devices(wave.Watched)} of the wave {Words.Of(wave.Failed, "reports", "report")} a failure.");
        }

        if (plan.Refusals.IsReached(wave.Refused, wave.Watched))
        {
            return Sentence($"{wave.Refused} of {Words.Devices(wave.Watched)} of the wave {Words.Of(wave.Refused, "was refused since it was", "were refused since they were")} offered the new certificate.");
        }

        var expected = outside.Devices == 0 ? 0 : (double)outside.Silent / outside.Devices * wave.Watched;
        return plan.LostContact.IsReached((long)Math.Floor(wave.Lost - expected), wave.Watched)
            ? Sentence($"{wave.Lost} of {Words.Devices(wave.Watched)} of the wave did not come back; {outside.Silent} of {outside.Devices} outside it {Words.Of(outside.Silent, "is", "are")} silent.")
            : null;
    }

    private static RollStep PlanOffer(RollPlan plan, RollFacts facts, long missing, DateTimeOffset now)
    {
        if (!plan.IsWindowOpen(now))
        {
            return new RollStep.Wait("the maintenance window");
        }

        var budget = plan.EffectiveRate - facts.OfferedLately;
        return budget <= 0
            ? new RollStep.Wait(Sentence($"the rate of {Words.Devices(plan.EffectiveRate)} in {SilentSeconds} s"))
            : new RollStep.Offer((int)Math.Min(Math.Min(budget, missing), Math.Min(facts.Pending, MaxOffers(plan))));
    }

    private static RollStep PlanGate(RollPlan plan, RollFacts facts, DateTimeOffset now)
    {
        var wave = facts.Wave;
        return wave.Done < plan.Gate * wave.Offered
            ? new RollStep.Wait(Sentence($"the gate: {wave.Done} of {Words.Devices(wave.Offered)} of the wave {Words.Of(wave.Done, "has", "have")} moved, {plan.Gate:P0} must have"))
            : now - wave.LastOffered < plan.Soak ? new RollStep.Wait("the soak of the wave")
            : new RollStep.NextWave();
    }

    private static int MaxOffers(RollPlan plan) => Math.Max(FewestOffers, plan.EffectiveRate / 30);

    private static string Sentence(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
