using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>What those need who trust an issuer: for EST's <c>cacerts</c>, and for trust bundles.</summary>
/// <param name="Chain">The certificate of the active slot and those above it, the root last.</param>
/// <param name="Links">The certificates between the root and the one before it; empty when no root was rolled.</param>
/// <param name="Former">The roots and authorities of old slots that are still valid.</param>
public sealed record AuthorityTrust(IReadOnlyList<Certificate> Chain, IReadOnlyList<Certificate> Links, IReadOnlyList<Certificate> Former);
