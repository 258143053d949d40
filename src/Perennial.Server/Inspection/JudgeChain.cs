using Perennial.X509;

namespace Perennial.Server.Inspection;

/// <summary>Says whether the certificates of a file make a chain, by the path search that devices are judged with.</summary>
internal sealed class JudgeChain(ChainPolicy policy)
{
    /// <returns>A sentence; null when the file holds no leaf with others.</returns>
    public string? Run(IReadOnlyList<Certificate> certificates, DateTimeOffset at)
    {
        if (certificates.FirstOrDefault(certificate => !certificate.IsCertificateAuthority) is not { } leaf || certificates.Count < 2)
        {
            return null;
        }

        var others = certificates.Where(certificate => certificate != leaf).ToList();
        if (!CertificateChain.TryCreate(leaf, others, out var chain, out var refusal))
        {
            return Refused(refusal);
        }

        // What is enrolled is not known here: each authority of the file is tried as the one that is.
        var search = policy.FindPaths(chain, [.. others.Where(other => other.IsCertificateAuthority)], at);
        return search.Refusal is { } fault
            ? Refused(fault)
            : $"'{leaf.Subject.Text}' is taken when a group holds one of: {string.Join("; ", search.Paths.Select(path => path.Anchor).DistinctBy(anchor => anchor.Thumbprint).Select(anchor => $"'{anchor.Subject.Text}'"))}.";
    }

    private static string Refused(Refusal refusal) => $"refused: {refusal.Reason.Number} {refusal.Reason.Title} {refusal.Detail} {refusal.Reason.Remedy}";
}
