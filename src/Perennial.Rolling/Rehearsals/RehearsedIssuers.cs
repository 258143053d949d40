using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>The two authorities of a roll of an issuing authority, as they stand.</summary>
/// <param name="Old">The one that issues.</param>
/// <param name="Next">The one that is prepared to follow it.</param>
public sealed record RehearsedIssuers(RolledIssuer Old, RolledIssuer Next)
{
    /// <summary>Why the new one cannot be trusted beside the old one; null when it can.</summary>
    public TrustFault? Fault { get; init; }

    /// <summary>Why the new one cannot issue, in a sentence; null when it can.</summary>
    public string? IssueFault { get; init; }

    /// <summary>Whether the roll comes to its first device.</summary>
    public bool CanBegin => Fault is null && IssueFault is null;

    public Certificate? Find(Thumbprint thumbprint) =>
        Old.Own.Thumbprint == thumbprint ? Old.Own : Next.Own.Thumbprint == thumbprint ? Next.Own : null;
}
