namespace Perennial.Protocol.Rolling;

/// <summary>Which steps out of a breach are done, whoever did them and by which way.</summary>
public sealed record BreachStepsDocument
{
    /// <summary>What was compromised is blocked.</summary>
    public required bool Block { get; init; }

    /// <summary>There is a new certificate to move to.</summary>
    public required bool Stage { get; init; }

    /// <summary>No device was last accepted by the compromised certificate.</summary>
    public required bool Move { get; init; }

    /// <summary>The enrollment is without the compromised certificate; left out for a device of a group, whose certificate stands in none.</summary>
    public bool? TakeOut { get; init; }
}
