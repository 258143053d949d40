using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>What the attestation function says of a chain before and after a change, one of the two being that it is accepted.</summary>
/// <param name="Before">The last moment at which the chain is accepted as things are; null when it is refused.</param>
/// <param name="After">The last moment at which it is accepted after the change; null when it is refused.</param>
/// <param name="Refusal">Why it is refused after the change.</param>
public sealed record ChainJudgement(DateTimeOffset? Before, DateTimeOffset? After, Refusal? Refusal)
{
    /// <summary>Whether it is drained before the change, when it is refused.</summary>
    public bool IsDrainedBefore { get; init; }

    /// <summary>Whether it would be drained after it.</summary>
    public bool IsDrainedAfter { get; init; }

    /// <summary>What the change does to a device with such a chain.</summary>
    /// <param name="leafEnd">The end of the device's own leaf, which may come before that of the chain that was judged.</param>
    /// <param name="followsEnrollment">Whether the hub of the device asks its enrollment at each connect.</param>
    public ImpactOutcome OutcomeFor(DateTimeOffset leafEnd, bool followsEnrollment) => (Before, After) switch
    {
        _ when IsDrainedAfter => ImpactOutcome.Drains,
        (null, null) => ImpactOutcome.LosesAtOnce,
        (null, _) => ImpactOutcome.Gains,
        (_, null) => followsEnrollment ? ImpactOutcome.LosesAtOnce : ImpactOutcome.LosesAtRegistration,
        ({ } before, { } after) => after < before && after < leafEnd ? ImpactOutcome.LosesEarlier : ImpactOutcome.Keeps,
    };

    /// <summary>Until when such a device is accepted after the change; null when it is refused at once.</summary>
    public DateTimeOffset? EndFor(DateTimeOffset leafEnd) => After is { } after && after < leafEnd ? after : After is null ? null : leafEnd;
}
