using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class ChainPolicyTests
{
    [Fact]
    public void A_leaf_below_an_enrolled_root_is_accepted()
    {
        using var root = TestAuthority.CreateRoot();
        using var leaf = root.IssueLeaf("dev-01");
        var search = Verdict.Of(leaf, [], [root]);
        Assert.Equal(1, Assert.Single(search.Paths).Depth);
        Assert.Null(search.Refusal);
    }

    [Fact]
    public void Both_an_intermediate_and_its_root_are_found_the_nearest_first()
    {
        using var root = TestAuthority.CreateRoot();
        using var intermediate = root.CreateIntermediate();
        using var leaf = intermediate.IssueLeaf("dev-01");
        var search = Verdict.Of(leaf, [intermediate], [root, intermediate]);
        Assert.Equal([intermediate.Certificate.Thumbprint, root.Certificate.Thumbprint], search.Paths.Select(p => p.Anchor.Thumbprint));
        Assert.Equal([1, 2], search.Paths.Select(p => p.Depth));
    }
}
