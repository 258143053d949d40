using Perennial.Authority.Issuers;
using Perennial.X509;

namespace Perennial.Authority.Authorities;

/// <summary>Tells what those need who trust an issuer, while its authorities or its root are rolled too.</summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="time">The clock.</param>
public sealed class FindTrust(IIssuerStore issuers, TimeProvider time)
{
    /// <summary>Finds it; null when the issuer has no active slot.</summary>
    /// <param name="issuerName">The issuer.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<AuthorityTrust?> RunAsync(string issuerName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(issuerName);
        var slots = await issuers.ListAsync(cancellationToken);
        if (slots.FirstOrDefault(slot => slot.State == IssuerState.Active && Is(slot, issuerName)) is not { } active)
        {
            return null;
        }

        if (active.Certificate is not { } own)
        {
            return new(active.Above, [], []);
        }

        IReadOnlyList<Certificate> chain = [own, .. active.Above];
        var roots = slots.Where(slot => Is(slot, CreateAuthority.RootOf(issuerName))).ToList();
        var links = roots.Where(slot => slot.State == IssuerState.Active).SelectMany(slot => slot.Links);
        var former = slots.Where(slot => slot.State == IssuerState.Old && Is(slot, issuerName)).SelectMany(slot => slot.Above.Append(slot.Certificate!))
            .Concat(roots.Where(slot => slot.State == IssuerState.Old).Select(slot => slot.Certificate!));
        return new(chain, [.. links.Where(IsValid)], [.. former.Where(IsValid).ExceptBy(chain.Select(other => other.Thumbprint), other => other.Thumbprint).DistinctBy(other => other.Thumbprint)]);
    }

    private static bool Is(IssuerSlot slot, string issuerName) => string.Equals(slot.IssuerName, issuerName, StringComparison.OrdinalIgnoreCase);

    private bool IsValid(Certificate certificate) => certificate.NotAfter > time.GetUtcNow();
}
