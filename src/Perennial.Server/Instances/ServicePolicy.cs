namespace Perennial.Server.Instances;

/// <summary>A named pair of keys with which services sign their tokens, and what it allows.</summary>
internal sealed record ServicePolicy
{
    public required string Name { get; init; }

    public required ServiceRights Rights { get; init; }

    public required string PrimaryKey { get; init; }

    public required string SecondaryKey { get; init; }

    /// <summary>Without the keys.</summary>
    public override string ToString() => Name;
}
