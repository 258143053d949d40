using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class PinnedLeafTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_self_signed_leaf_of_either_version_is_fine(int version) => Assert.Null(Check(new() { Version = version }));

    [Fact]
    public void A_self_signed_authority_is_refused() =>
        Assert.Equal(CertificateRefusals.AuthorityAsLeaf, Check(new() { IsAuthority = true })?.Reason);

    [Fact]
    public void An_expired_leaf_is_refused() =>
        Assert.Equal(CertificateRefusals.Expired, Check(new() { NotAfter = Verdict.Now.AddMinutes(-6) })?.Reason);

    [Fact]
    public void A_weak_signature_is_refused_though_the_leaf_is_pinned() =>
        Assert.Equal(CertificateRefusals.WeakSignature, Check(new() { SignatureAlgorithm = "1.2.840.10045.4.1" })?.Reason);

    [Fact]
    public void A_leaf_for_servers_only_is_refused() =>
        Assert.Equal(CertificateRefusals.WrongExtendedKeyUsage, Check(new() { Purposes = [ChainPolicyOptions.ServerAuthentication] })?.Reason);

    [Fact]
    public void A_leaf_that_its_issuer_never_presented_is_fine()
    {
        using var root = TestAuthority.CreateRoot();
        using var leaf = root.IssueLeaf("dev-01");
        Assert.Null(Verdict.Policy().CheckLeaf(leaf.Certificate, Verdict.Now));
    }

    private static Refusal? Check(TestCertificateOptions options)
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("dev-01", options);
        return Verdict.Policy().CheckLeaf(leaf.Certificate, Verdict.Now);
    }
}
