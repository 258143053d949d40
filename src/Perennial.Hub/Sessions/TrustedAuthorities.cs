using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The authorities whose leaves a hub takes from devices in authority mode.</summary>
public sealed record TrustedAuthorities(IReadOnlyList<Certificate> Anchors)
{
    public static TrustedAuthorities None { get; } = new([]);
}
