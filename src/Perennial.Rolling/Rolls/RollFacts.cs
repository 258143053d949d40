namespace Perennial.Rolling.Rolls;

/// <summary>What the planner is told of a roll, in numbers: a roll over any number of devices is planned from as much.</summary>
public sealed record RollFacts
{
    /// <summary>Whether the enrollment holds the new certificate beside the old one.</summary>
    public required bool IsStaged { get; init; }

    /// <summary>Whether the certificate that the roll is to take out is taken out already, by the roll before it was stopped or by an operator.</summary>
    public bool IsRetired { get; init; }

    /// <summary>Of a roll of an issuing authority: whether the new one issues.</summary>
    public bool IsIssuing { get; init; }

    /// <summary>The devices of the wave that is under way, as far as they were offered the new certificate.</summary>
    public required WaveFacts Wave { get; init; }

    /// <summary>Some of the devices outside the wave: how many are silent anyway?</summary>
    public required OutsideFacts Outside { get; init; }

    /// <summary>Devices that are still to be offered it.</summary>
    public required long Pending { get; init; }

    /// <summary>Devices for whose sake the old certificate has to stay, those that are pending among them.</summary>
    public required long Open { get; init; }

    /// <summary>Devices of the roll.</summary>
    public required long Devices { get; init; }

    /// <summary>Offers of the last minute, and those that are written down and not sent yet.</summary>
    public required long OfferedLately { get; init; }
}
