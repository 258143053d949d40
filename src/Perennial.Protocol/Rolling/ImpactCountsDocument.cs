namespace Perennial.Protocol.Rolling;

/// <summary>Devices by what a change does to them, each under the name that lists them: see <see cref="ImpactOutcome"/>.</summary>
public sealed record ImpactCountsDocument
{
    /// <summary>Accepted as before, and for as long.</summary>
    public required long Keeps { get; init; }

    /// <summary>Refused from the moment of the change.</summary>
    public required long LosesAtOnce { get; init; }

    /// <summary>Admitted only to obtain a new certificate.</summary>
    public required long Drains { get; init; }

    /// <summary>Refused when they register.</summary>
    public required long LosesAtRegistration { get; init; }

    /// <summary>Accepted for less long than before.</summary>
    public required long LosesEarlier { get; init; }

    /// <summary>Never accepted with a chain.</summary>
    public required long Unknown { get; init; }

    /// <summary>Refused now, accepted after the change.</summary>
    public required long Gains { get; init; }
}
