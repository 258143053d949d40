namespace Perennial.Protocol.Provisioning;

/// <summary>How long a client is told to wait.</summary>
/// <remarks>One client raises anything below 2 s to 2 s, and one gives up after 60 s of silence. Source: dps-protocol §1.6.</remarks>
public static class RetryAfter
{
    /// <summary>The shortest wait, 2 s.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);

    /// <summary>What the real service says, 3 s.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    /// <summary>The longest wait, 30 s.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Brings a wait into the range that suits every client, in whole seconds.</summary>
    /// <param name="wait">The wait wished for.</param>
    /// <returns>The wait to send.</returns>
    public static TimeSpan Clamp(TimeSpan wait) =>
        wait <= Shortest ? Shortest : wait >= Longest ? Longest : TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
}
