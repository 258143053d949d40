using Perennial.Protocol.Rolling;

namespace Perennial.Agent.Credentials;

/// <summary>When the service wants the device to roll.</summary>
internal sealed record RollWindow
{
    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The window that the service told, in UTC: a moment between its ends is then none that a time with an offset cannot hold.</summary>
    [return: NotNullIfNotNull(nameof(told))]
    public static RollWindow? From(RollWindowDocument? told) =>
        told is null ? null : new() { NotBefore = told.NotBefore.ToUniversalTime(), NotAfter = told.NotAfter.ToUniversalTime() };

    public override string ToString() => $"between {NotBefore:yyyy-MM-dd HH:mm}Z and {NotAfter:yyyy-MM-dd HH:mm}Z";
}
