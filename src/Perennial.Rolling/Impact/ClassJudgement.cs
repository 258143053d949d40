namespace Perennial.Rolling.Impact;

/// <summary>What is said of a class of chains.</summary>
/// <param name="Judgement">Of the longest-living of them; null when the change does not concern the class.</param>
/// <param name="DependsOnNames">An authority above them constrains names: they are judged one by one.</param>
internal sealed record ClassJudgement(ChainJudgement? Judgement, bool DependsOnNames)
{
    /// <summary>The devices of a class on a hub that the change does this to, by the end of their leaf; null for none.</summary>
    /// <param name="outcome">What it does.</param>
    /// <param name="lot">The class and the hub.</param>
    /// <param name="followsEnrollment">Whether the hub asks the enrollment at each connect.</param>
    /// <param name="ended">Leaves that end before this have ended.</param>
    public LotRange? RangeOf(ImpactOutcome outcome, ChainLot lot, bool followsEnrollment, DateTimeOffset ended)
    {
        var all = new LotRange(lot.Class, lot.Hub, ended, DateTimeOffset.MaxValue);
        if (DependsOnNames)
        {
            return all;
        }

        return Judgement switch
        {
            null => null,
            { Before: { } before, After: { } after } when after < before => outcome switch
            {
                ImpactOutcome.Keeps => all with { Until = after.AddTicks(1) },
                ImpactOutcome.LosesEarlier => all with { From = after.AddTicks(1) },
                _ => null,
            },
            var judgement => judgement.OutcomeFor(DateTimeOffset.MaxValue, followsEnrollment) == outcome ? all : null,
        };
    }
}
