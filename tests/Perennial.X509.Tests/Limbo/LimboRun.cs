namespace Perennial.X509.Tests.Limbo;

/// <summary>Judges a corpus case with the policy.</summary>
internal static class LimboRun
{
    private static readonly DateTimeOffset WhenUndated = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <returns>Why the case is refused; null when it is accepted.</returns>
    internal static Refusal? Judge(LimboCase entry)
    {
        if (!Pem.TryReadCertificates(entry.PeerCertificate, out var leaf, out var refusal))
        {
            return refusal;
        }

        var anchors = new List<Certificate>();
        foreach (var text in entry.TrustedCertificates)
        {
            if (!Pem.TryReadCertificates(text, out var parsed, out refusal))
            {
                return refusal;
            }

            anchors.AddRange(parsed);
        }

        var presented = new List<Certificate>();
        foreach (var text in entry.Intermediates)
        {
            if (!Pem.TryReadCertificates(text, out var parsed, out refusal))
            {
                return refusal;
            }

            presented.AddRange(parsed);
        }

        return CertificateChain.TryCreate(leaf[0], presented, out var chain, out refusal)
            ? new ChainPolicy(OptionsFor(entry), new SignatureCache()).FindPaths(chain, anchors, entry.ValidationTime ?? WhenUndated).Refusal
            : refusal;
    }

    private static ChainPolicyOptions OptionsFor(LimboCase entry) => new()
    {
        ClockSkew = TimeSpan.Zero,
        RequireCommonName = false,
        RequiredPurpose = entry.ValidationKind == "CLIENT" ? ChainPolicyOptions.ClientAuthentication : ChainPolicyOptions.ServerAuthentication,
        MaxIntermediates = Math.Min(entry.MaxChainDepth ?? CertificateChain.MaxIssuers, CertificateChain.MaxIssuers),
    };
}
