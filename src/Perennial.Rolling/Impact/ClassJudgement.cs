namespace Perennial.Rolling.Impact;

/// <summary>What is said of a class of credentials.</summary>
/// <param name="Judgement">Of the longest-living of them; null when the change does not concern the class.</param>
/// <param name="DependsOnNames">An authority above them constrains names: they are judged one by one.</param>
/// <param name="DependsOnGroups">A block of a group has a part in it: where a hub looks at the group that each device registered through, they are judged one by one.</param>
internal sealed record ClassJudgement(ChainJudgement? Judgement, bool DependsOnNames, bool DependsOnGroups)
{
    public static ClassJudgement None { get; } = new(null, DependsOnNames: false, DependsOnGroups: false);

    /// <summary>It is not known what the device's key is, and an enrollment of its own might hold it.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Whether devices of the class on a hub are judged one by one.</summary>
    public bool IsOfEach(HubTerms hub) => DependsOnNames || (DependsOnGroups && hub == HubTerms.Credential);

    /// <summary>The devices of a class on a hub that the change does this to, by the end of their leaf; null for none.</summary>
    /// <param name="outcome">What it does.</param>
    /// <param name="lot">The class and the hub.</param>
    /// <param name="hub">What the hub asks.</param>
    /// <param name="ended">Leaves that end before this have ended.</param>
    public LotRange? RangeOf(ImpactOutcome outcome, ChainLot lot, HubTerms hub, DateTimeOffset ended)
    {
        var all = new LotRange(lot.Class, lot.Hub, ended, DateTimeOffset.MaxValue);
        if (IsOfEach(hub))
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
            var judgement => judgement.OutcomeFor(DateTimeOffset.MaxValue, hub) == outcome ? all : null,
        };
    }
}
