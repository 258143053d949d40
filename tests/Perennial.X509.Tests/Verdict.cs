using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

/// <summary>Asks the policy, as a service would.</summary>
internal static class Verdict
{
    internal static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    internal static ChainPolicy Policy(ChainPolicyOptions? options = null) => new(options ?? new(), new SignatureCache());

    internal static PathSearch Of(
        TestCertificate leaf,
        IReadOnlyList<TestAuthority> presented,
        IReadOnlyList<TestAuthority> anchors,
        ChainPolicyOptions? options = null,
        DateTimeOffset? at = null)
    {
        if (!CertificateChain.TryCreate(leaf.Der, [.. presented.Select(p => p.Own.Der)], out var chain, out var refusal))
        {
            return new([], refusal);
        }

        return Policy(options).FindPaths(chain, [.. anchors.Select(a => a.Certificate)], at ?? Now);
    }
}
