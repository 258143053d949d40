using Perennial.Server.Hubs;
using Perennial.Server.Storage;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Hubs;

public sealed class KnownIssuersTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestAuthority _middle;
    private readonly TestAuthority _lower;
    private readonly KnownIssuers _issuers;

    public KnownIssuersTests()
    {
        _middle = _root.CreateIntermediate("Middle");
        _lower = _middle.CreateIntermediate("Lower");
        _issuers = new KnownIssuers(new MemoryIssuers(_middle.Certificate, _lower.Certificate));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _root.Dispose();
        _middle.Dispose();
        _lower.Dispose();
    }

    [Fact]
    public async Task A_leaf_alone_gets_the_intermediates_above_it()
    {
        var leaf = _lower.IssueLeaf("dev");
        var chain = await _issuers.CompleteAsync(Chain(leaf), Stop);
        Assert.Equal([_lower.Certificate.Thumbprint, _middle.Certificate.Thumbprint], chain.Issuers.Select(issuer => issuer.Thumbprint));
        Assert.NotEmpty(new ChainPolicy(new ChainPolicyOptions(), new SignatureCache())
            .FindPaths(chain, [_root.Certificate], new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)).Paths);
    }

    [Fact]
    public async Task A_chain_that_brings_issuers_or_has_none_stays_as_it_is()
    {
        var brought = Chain(_lower.IssueLeaf("dev"), _lower);
        Assert.Same(brought, await _issuers.CompleteAsync(brought, Stop));
        var selfSigned = Chain(TestAuthority.CreateSelfSignedLeaf("dev"));
        Assert.Same(selfSigned, await _issuers.CompleteAsync(selfSigned, Stop));
        using var stranger = TestAuthority.CreateRoot("Stranger");
        var unknown = Chain(stranger.IssueLeaf("dev"));
        Assert.Same(unknown, await _issuers.CompleteAsync(unknown, Stop));
    }

    private static CertificateChain Chain(TestCertificate leaf, params TestAuthority[] issuers) =>
        CertificateChain.TryCreate(leaf.Der, [.. issuers.Select(issuer => issuer.Own.Der)], out var chain, out var refusal)
            ? chain
            : throw new InvalidOperationException(refusal.Detail);

    private sealed class MemoryIssuers(params Certificate[] known) : IKnownIssuerStore
    {
        public Task<IReadOnlyList<Certificate>> FindAsync(DistinguishedName name, int max, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Certificate>>([.. known.Where(issuer => issuer.Subject.Key == name.Key).Take(max)]);
    }
}
