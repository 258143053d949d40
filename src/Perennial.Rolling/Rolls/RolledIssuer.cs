using Perennial.X509;

namespace Perennial.Rolling.Rolls;

/// <summary>An issuing authority of this service.</summary>
/// <param name="Slot">The slot it stands in.</param>
/// <param name="Chain">Its certificate, and those above it up to the root.</param>
/// <param name="IsIssuing">Whether it issues for its issuer.</param>
public sealed record RolledIssuer(string Slot, IReadOnlyList<Certificate> Chain, bool IsIssuing)
{
    public Certificate Own => Chain[0];

    public bool Holds(Thumbprint certificate) => Chain.Any(one => one.Thumbprint == certificate);
}
