namespace Perennial.Agent.Credentials;

/// <summary>When the service wants the device to roll.</summary>
internal sealed record RollWindow
{
    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }
}
