using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>What the attestation function says of a credential before and after a change, and what a hub says that looks at blocks alone.</summary>
/// <param name="Before">The last moment at which the credential is accepted as things are; null when it is refused.</param>
/// <param name="After">The last moment at which it is accepted after the change; null when it is refused.</param>
/// <param name="Refusal">Why it is refused after the change.</param>
public sealed record ChainJudgement(DateTimeOffset? Before, DateTimeOffset? After, Refusal? Refusal)
{
    /// <summary>Whether it is drained before the change, when it is refused.</summary>
    public bool IsDrainedBefore { get; init; }

    /// <summary>Whether it would be drained after it.</summary>
    public bool IsDrainedAfter { get; init; }

    /// <summary>Whether a block refuses it before the change on a hub that does not ask the enrollment.</summary>
    public bool IsBlockedBefore { get; init; }

    /// <summary>Why such a hub would refuse it after the change; null when it would not.</summary>
    public Refusal? BlockedAfter { get; init; }

    /// <summary>Whether the change does nothing but make or take away a block that only such a hub looks at: to others the credential is as before.</summary>
    public bool IsOfBlockAlone { get; init; }

    /// <summary>What the change does to a device with such a credential; null for nothing, when it is refused before and after.</summary>
    /// <param name="leafEnd">The end of the device's own leaf, which may come before that of the chain that was judged.</param>
    /// <param name="hub">What the hub of the device asks.</param>
    public ImpactOutcome? OutcomeFor(DateTimeOffset leafEnd, HubTerms hub) => (Before, After) switch
    {
        _ when IsOfBlockAlone && !IsTurned(hub) => null,
        _ when IsCutOff(hub) => IsDrainedAfter ? ImpactOutcome.Drains : ImpactOutcome.LosesAtOnce,
        _ when hub == HubTerms.Credential && IsBlockedBefore && BlockedAfter is null => ImpactOutcome.Gains,
        _ when IsDrainedAfter => IsDrainedBefore ? null : ImpactOutcome.Drains,
        (null, null) => IsDrainedBefore ? ImpactOutcome.LosesAtOnce : null,
        (null, _) => ImpactOutcome.Gains,
        (_, null) => hub == HubTerms.Enrollment ? ImpactOutcome.LosesAtOnce : ImpactOutcome.LosesAtRegistration,
        ({ } before, { } after) => after < before && after < leafEnd ? ImpactOutcome.LosesEarlier : ImpactOutcome.Keeps,
    };

    /// <summary>Until when such a device is accepted after the change; null when it is refused at once.</summary>
    public DateTimeOffset? EndFor(DateTimeOffset leafEnd, HubTerms hub) =>
        IsCutOff(hub) || After is null ? null : After < leafEnd ? After : leafEnd;

    /// <summary>Why such a device is refused after the change.</summary>
    public Refusal? RefusalFor(HubTerms hub) => IsCutOff(hub) ? BlockedAfter : Refusal;

    /// <summary>Whether a hub that does not ask the enrollment takes the device otherwise after the change.</summary>
    public bool IsTurned(HubTerms hub) => hub == HubTerms.Credential && IsBlockedBefore == (BlockedAfter is null);

    private bool IsCutOff(HubTerms hub) => hub == HubTerms.Credential && !IsBlockedBefore && BlockedAfter is not null;
}
