using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class PathSearchTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _intermediate;
    private readonly TestCertificate _leaf;

    public PathSearchTests()
    {
        _intermediate = _root.CreateIntermediate();
        _leaf = _intermediate.IssueLeaf("dev-01");
    }

    public void Dispose()
    {
        _leaf.Dispose();
        _intermediate.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void A_leaf_below_an_enrolled_root_is_accepted()
    {
        using var leaf = _root.IssueLeaf("dev-01");
        var path = Assert.Single(Verdict.Of(leaf, [], [_root]).Paths);
        Assert.Equal(1, path.Depth);
        Assert.Equal([leaf.Certificate.Thumbprint, _root.Certificate.Thumbprint], path.Certificates.Select(c => c.Thumbprint));
    }

    [Fact]
    public void Both_an_intermediate_and_its_root_are_found_the_nearest_first()
    {
        var search = Verdict.Of(_leaf, [_intermediate], [_root, _intermediate]);
        Assert.Equal([_intermediate.Certificate.Thumbprint, _root.Certificate.Thumbprint], search.Paths.Select(p => p.Anchor.Thumbprint));
        Assert.Equal([1, 2], search.Paths.Select(p => p.Depth));
        Assert.Null(search.Refusal);
    }

    [Fact]
    public void An_enrolled_intermediate_need_not_be_presented() => AssertReaches(Verdict.Of(_leaf, [], [_intermediate]), _intermediate);

    [Fact]
    public void An_enrolled_intermediate_leads_on_to_an_enrolled_root() =>
        AssertReaches(Verdict.Of(_leaf, [], [_root, _intermediate]), _intermediate, _root);

    [Fact]
    public void The_anchor_may_be_among_the_presented() => AssertReaches(Verdict.Of(_leaf, [_intermediate, _root], [_root]), _root);

    [Fact]
    public void The_presented_may_come_in_any_order_and_with_strangers()
    {
        using var stranger = TestAuthority.CreateRoot("Stranger");
        AssertReaches(Verdict.Of(_leaf, [stranger, _root, _intermediate], [_root]), _root);
    }

    [Fact]
    public void Five_intermediates_are_followed()
    {
        var chain = new List<TestAuthority> { _root };
        for (var i = 1; i <= 5; i++)
        {
            chain.Add(chain[^1].CreateIntermediate($"Intermediate {i}"));
        }

        using var leaf = chain[^1].IssueLeaf("dev-01");
        Assert.Equal(6, Assert.Single(Verdict.Of(leaf, chain[1..], [_root]).Paths).Depth);
        chain[1..].ForEach(c => c.Dispose());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_roots_of_one_name_are_told_apart_by_the_signature(bool keyIdentifiers)
    {
        using var old = TestAuthority.CreateRoot("Root", new() { HasKeyIdentifiers = keyIdentifiers });
        using var rolled = old.RollRoot();
        using var oldLeaf = old.IssueLeaf("dev-01", new() { HasKeyIdentifiers = keyIdentifiers });
        using var newLeaf = rolled.IssueLeaf("dev-01", new() { HasKeyIdentifiers = keyIdentifiers });
        AssertReaches(Verdict.Of(oldLeaf, [], [rolled, old]), old);
        AssertReaches(Verdict.Of(newLeaf, [], [old, rolled]), rolled);
    }

    [Fact]
    public void A_root_issued_again_with_the_same_key_is_found_beside_the_first()
    {
        using var again = TestAuthority.CreateRoot("Test Root", new() { Key = _root.Own.Key });
        AssertReaches(Verdict.Of(_leaf, [_intermediate], [_root, again]), _root, again);
    }

    [Fact]
    public void A_cross_signed_intermediate_leads_to_both_roots()
    {
        using var other = TestAuthority.CreateRoot("Other Root");
        using var cross = other.CreateIntermediate("x", new() { Subject = _intermediate.Certificate.Subject.Der, Key = _intermediate.Own.Key });
        AssertReaches(Verdict.Of(_leaf, [_intermediate, cross], [_root, other]), _root, other);
    }

    [Fact]
    public void An_expired_branch_does_not_hide_a_valid_one()
    {
        using var other = TestAuthority.CreateRoot("Other Root");
        using var cross = other.CreateIntermediate(
            "x",
            new() { Subject = _intermediate.Certificate.Subject.Der, Key = _intermediate.Own.Key, NotAfter = Verdict.Now.AddDays(-1) });
        AssertReaches(Verdict.Of(_leaf, [cross, _intermediate], [_root, other]), _root);
    }

    [Fact]
    public void A_signature_is_verified_once()
    {
        var cache = new SignatureCache();
        var policy = new ChainPolicy(new(), cache);
        Assert.True(CertificateChain.TryCreate(_leaf.Der, [_intermediate.Own.Der], out var chain, out _));
        var first = policy.FindPaths(chain, [_root.Certificate], Verdict.Now);
        Assert.Equal(2, cache.Count);
        var second = policy.FindPaths(chain, [_root.Certificate], Verdict.Now);
        Assert.Equal(2, cache.Count);
        Assert.Equal(first.Paths[0].Certificates, second.Paths[0].Certificates);
    }

    [Fact]
    public void Many_searches_at_once_agree()
    {
        var policy = Verdict.Policy();
        var anchors = new[] { _root.Certificate };
        Parallel.For(0, 400, i =>
        {
            using var leaf = _intermediate.IssueLeaf($"dev-{i}");
            Assert.True(CertificateChain.TryCreate(leaf.Der, [_intermediate.Own.Der], out var chain, out _));
            Assert.Null(policy.FindPaths(chain, anchors, Verdict.Now).Refusal);
        });
    }

    [Fact]
    public void Every_key_and_signature_kind_that_is_allowed_verifies()
    {
        using var p384 = TestKey.P384();
        using var p521 = TestKey.P521();
        using var rsa = TestKey.Rsa();
        using var first = TestAuthority.CreateRoot("P-384", new() { Key = p384 });
        using var second = first.CreateIntermediate("P-521", new() { Key = p521, Hash = new("SHA384") });
        using var third = second.CreateIntermediate("RSA", new() { Key = rsa, Hash = new("SHA512") });
        using var fourth = third.CreateIntermediate("P-256", new() { Hash = new("SHA256") });
        using var leaf = third.IssueLeaf("dev-01", new() { Hash = new("SHA384"), Padding = System.Security.Cryptography.RSASignaturePadding.Pss });
        using var lower = fourth.IssueLeaf("dev-02");
        AssertReaches(Verdict.Of(leaf, [second, third], [first]), first);
        AssertReaches(Verdict.Of(lower, [second, third, fourth], [first]), first);
    }

    [Fact]
    public void Certificates_of_one_name_and_no_key_identifiers_cost_a_bounded_effort()
    {
        var options = new TestCertificateOptions { HasKeyIdentifiers = false };
        var subject = TestName.Of("Same");
        var authorities = Enumerable.Range(0, 60).Select(_ => TestAuthority.CreateRoot("x", options with { Subject = subject })).ToList();
        using var stranger = TestAuthority.CreateRoot("x", options with { Subject = subject });
        using var leaf = stranger.IssueLeaf("dev-01", options);
        var cache = new SignatureCache();
        Assert.True(CertificateChain.TryCreate(leaf.Der, [.. authorities.Take(5).Select(a => a.Own.Der)], out var chain, out _));
        var search = new ChainPolicy(new(), cache).FindPaths(chain, [.. authorities.Select(a => a.Certificate)], Verdict.Now);
        Assert.Equal(CertificateRefusals.SearchGivenUp, search.Refusal?.Reason);
        Assert.InRange(cache.Count, 1, 32);
        authorities.ForEach(a => a.Dispose());
    }

    private static void AssertReaches(PathSearch search, params TestAuthority[] anchors)
    {
        Assert.Null(search.Refusal);
        Assert.Equal(
            anchors.Select(a => a.Certificate.Thumbprint.ToString()).Order(StringComparer.Ordinal),
            search.Paths.Select(p => p.Anchor.Thumbprint.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(search.Paths.Select(p => p.Depth).Order(), search.Paths.Select(p => p.Depth));
    }
}
