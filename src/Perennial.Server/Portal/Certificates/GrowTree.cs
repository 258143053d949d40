using Perennial.Server.Portal.Layout;
using Perennial.X509;

namespace Perennial.Server.Portal.Certificates;

/// <summary>Puts CA certificates below those that signed them.</summary>
internal static class GrowTree
{
    /// <param name="known">Certificates, each with the path of its page; null for one that has none.</param>
    public static IReadOnlyList<TreeNode> Run(IEnumerable<(Certificate Certificate, string Name, string? Path)> known)
    {
        var all = known.DistinctBy(each => each.Certificate.Thumbprint).ToList();
        var bySubject = all.ToLookup(each => each.Certificate.Subject.Key);
        var children = all.ToLookup(each => SignerOf(each.Certificate));
        return [.. children[null].Select(Node)];

        TreeNode Node((Certificate Certificate, string Name, string? Path) each) => new(each.Name, each.Certificate.Subject.Text)
        {
            Path = each.Path,
            NotAfter = each.Certificate.NotAfter,
            Children = [.. children[each.Certificate.Thumbprint].Select(Node)],
        };

        // Two that signed each other stand below none: of a pair, only the earlier one may stand above.
        Thumbprint? SignerOf(Certificate certificate) => certificate.IsSelfIssued
            ? null
            : bySubject[certificate.Issuer.Key]
                .Where(signer => signer.Certificate.Thumbprint != certificate.Thumbprint && IsAbove(signer.Certificate, certificate))
                .Select(signer => (Thumbprint?)signer.Certificate.Thumbprint)
                .FirstOrDefault();
    }

    private static bool IsAbove(Certificate signer, Certificate certificate) =>
        certificate.IsSignedBy(signer) && !(signer.Issuer.Key == certificate.Subject.Key && signer.IsSignedBy(certificate));
}
