namespace Perennial.X509.Paths;

/// <summary>Says why nothing signed the top of a partial path.</summary>
internal static class DeadEnd
{
    internal static Refusal Explain(PathStep step, IReadOnlyList<Certificate> presented, IReadOnlyCollection<Certificate> anchors)
    {
        var top = step.Certificate;
        if (step.IsLeaf && anchors.Any(a => a.Thumbprint == top.Thumbprint))
        {
            return new(CertificateRefusals.NotAnAuthority, $"{top.Describe()} is trusted as a signing certificate, but is no authority.");
        }

        if (FindImpostor(step, anchors) is { } impostor)
        {
            return impostor;
        }

        if (anchors.FirstOrDefault(a => a.Subject.Key == top.Issuer.Key && !step.Holds(a)) is { } namesake)
        {
            return new(CertificateRefusals.ForgedIssuer, $"{top.Describe()} names as issuer the trusted {namesake.Describe()}, {Compare(top, namesake)}.");
        }

        if (top.IsSelfIssued)
        {
            var what = step.IsLeaf ? "is self-signed and" : "is where the chain ends, and";
            return new(CertificateRefusals.UnknownAuthority, $"{top.Describe()} {what} is not among the {anchors.Count} trusted certificates.");
        }

        var named = presented.Where(c => c.Subject.Key == top.Issuer.Key).ToList();
        var others = named.Where(c => !step.Holds(c));
        var other = others.FirstOrDefault(c => !top.WantsOtherKeyThan(c)) ?? others.FirstOrDefault();
        if (other is not null)
        {
            var reason = top.WantsOtherKeyThan(other) ? CertificateRefusals.MissingIntermediate : CertificateRefusals.ForgedIssuer;
            return new(reason, $"{top.Describe()} names as issuer the presented {other.Describe()}, {Compare(top, other)}.");
        }

        return named.Count > 0
            ? new(CertificateRefusals.UnknownAuthority, $"{top.Describe()} and the certificates below it issue each other in a circle; none is trusted.")
            : new(
                CertificateRefusals.MissingIntermediate,
                $"{top.Describe()} was issued by '{top.Issuer.Shown}'; no certificate of that name was presented, and none of the {anchors.Count} trusted ones has it.");
    }

    /// <summary>A certificate on the path under the name of an anchor, but with another key.</summary>
    private static Refusal? FindImpostor(PathStep top, IReadOnlyCollection<Certificate> anchors)
    {
        for (var step = top; step is not null; step = step.Below)
        {
            var found = step.Certificate;
            if ((!step.IsLeaf || found.IsSelfIssued) && FindNamesake(found, anchors) is { } anchor)
            {
                return new(
                    CertificateRefusals.ForgedIssuer,
                    $"{found.Describe()} bears the name of the trusted {anchor.Describe()}, but has another key and is not trusted.");
            }
        }

        return null;
    }

    private static Certificate? FindNamesake(Certificate certificate, IReadOnlyCollection<Certificate> anchors) => anchors.FirstOrDefault(
        a => a.Subject.Key == certificate.Subject.Key && a.PublicKey.Thumbprint != certificate.PublicKey.Thumbprint);

    private static string Compare(Certificate certificate, Certificate issuer) => certificate.WantsOtherKeyThan(issuer)
        ? $"but wants the key {Show(certificate.AuthorityKeyIdentifier)} and that one has {Show(issuer.SubjectKeyIdentifier)}"
        : "but that one's key did not make the signature";

    private static string Show(ReadOnlyMemory<byte>? identifier) =>
        identifier is { } bytes ? Convert.ToHexString(bytes.Span[..Math.Min(bytes.Length, 32)]) : "none";
}
