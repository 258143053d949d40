using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class UnknownIssuerTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Our Root");
    private readonly TestAuthority _intermediate;

    public UnknownIssuerTests() => _intermediate = _root.CreateIntermediate("Our Intermediate");

    public void Dispose()
    {
        _intermediate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void A_missing_intermediate_is_told_by_name()
    {
        using var leaf = _intermediate.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [], [_root]), CertificateRefusals.MissingIntermediate, "issued by 'CN=Our Intermediate'");
    }

    [Fact]
    public void A_chain_that_breaks_off_higher_names_the_higher_issuer()
    {
        using var lower = _intermediate.CreateIntermediate("Lower");
        using var leaf = lower.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [lower], [_root]), CertificateRefusals.MissingIntermediate, "issued by 'CN=Our Intermediate'");
    }

    [Fact]
    public void The_intermediate_of_an_earlier_roll_is_not_the_one_that_is_missing()
    {
        using var rolled = _root.CreateIntermediate("Our Intermediate");
        using var leaf = rolled.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [_intermediate], [_root]), CertificateRefusals.MissingIntermediate, "wants the key");
    }

    [Fact]
    public void An_unknown_authority_is_told_by_name()
    {
        using var other = TestAuthority.CreateRoot("Other Root");
        using var lower = other.CreateIntermediate("Lower");
        using var leaf = lower.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [lower, other], [_root]), CertificateRefusals.UnknownAuthority, "CN=Other Root");
    }

    [Fact]
    public void A_self_signed_leaf_has_an_unknown_authority()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [], [_root]), CertificateRefusals.UnknownAuthority, "self-signed");
    }

    [Fact]
    public void A_self_signed_leaf_that_is_enrolled_as_signing_certificate_is_no_authority()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");
        Assert.True(CertificateChain.TryCreate(leaf.Der, [], out var chain, out _));
        var refusal = Verdict.Policy().FindPaths(chain, [leaf.Certificate], Verdict.Now).Refusal;
        Assert.Equal(CertificateRefusals.NotAnAuthority, refusal?.Reason);
    }

    [Fact]
    public void Nothing_enrolled_is_an_unknown_authority()
    {
        using var leaf = _root.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [_root], []), CertificateRefusals.UnknownAuthority, "CN=Our Root");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_self_made_authority_under_a_trusted_name_is_forged(bool isPresented, bool keyIdentifiers)
    {
        using var root = TestAuthority.CreateRoot("Trusted", new() { HasKeyIdentifiers = keyIdentifiers });
        using var forged = root.Forge();
        using var leaf = forged.IssueLeaf("dev-01", new() { HasKeyIdentifiers = keyIdentifiers });
        IReadOnlyList<TestAuthority> presented = isPresented ? [forged] : [];
        AssertRefused(Verdict.Of(leaf, presented, [root]), CertificateRefusals.ForgedIssuer, "CN=Trusted");
    }

    [Fact]
    public void A_self_made_authority_under_a_trusted_name_with_a_key_identifier_of_its_own_is_forged()
    {
        using var forged = _root.RollRoot();
        using var leaf = forged.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [forged], [_root]), CertificateRefusals.ForgedIssuer, "bears the name");
        AssertRefused(Verdict.Of(leaf, [], [_root]), CertificateRefusals.ForgedIssuer, "wants the key");
    }

    [Fact]
    public void A_self_made_intermediate_below_a_trusted_name_is_forged()
    {
        using var forgedRoot = _root.Forge();
        using var forged = forgedRoot.CreateIntermediate("Our Intermediate");
        using var leaf = forged.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [forged], [_root]), CertificateRefusals.ForgedIssuer, "CN=Our Root");
        AssertRefused(Verdict.Of(leaf, [forged], [_root, _intermediate]), CertificateRefusals.ForgedIssuer, "CN=Our Intermediate");
        AssertRefused(Verdict.Of(leaf, [forged, forgedRoot], [_intermediate]), CertificateRefusals.ForgedIssuer, "CN=Our Intermediate");
    }

    [Fact]
    public void A_leaf_below_a_forged_intermediate_that_presents_the_true_chain_is_refused()
    {
        using var forged = _intermediate.Forge();
        using var leaf = forged.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [_intermediate, _root], [_root]), CertificateRefusals.ForgedIssuer, "did not make the signature");
        AssertRefused(Verdict.Of(leaf, [_intermediate], [_intermediate]), CertificateRefusals.ForgedIssuer, "did not make the signature");
    }

    [Fact]
    public void Of_several_failures_the_one_at_the_anchor_is_told()
    {
        using var expired = _root.CreateIntermediate("Expired", new() { NotAfter = Verdict.Now.AddDays(-1) });
        using var other = TestAuthority.CreateRoot("Other Root");
        using var cross = other.CreateIntermediate("x", new() { Subject = expired.Certificate.Subject.Der, Key = expired.Own.Key });
        using var leaf = expired.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [cross, other], [expired]), CertificateRefusals.IssuerExpired, "CN=Expired");
    }

    private static void AssertRefused(PathSearch search, RefusalReason reason, string told)
    {
        Assert.Equal(reason, search.Refusal?.Reason);
        Assert.Contains(told, search.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty(search.Paths);
    }
}
