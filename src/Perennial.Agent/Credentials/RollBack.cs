namespace Perennial.Agent.Credentials;

/// <summary>The service's wish that the device goes back to the certificate before.</summary>
internal sealed record RollBack
{
    public required RollWindow Window { get; init; }

    /// <summary>Whether it was followed; the same wish is followed once.</summary>
    public bool IsDone { get; init; }
}
