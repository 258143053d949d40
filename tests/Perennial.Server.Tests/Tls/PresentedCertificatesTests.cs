using System.Security.Cryptography.X509Certificates;
using Perennial.Server.Connections;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Tls;

public sealed class PresentedCertificatesTests
{
    [Fact]
    public void What_the_peer_sent_is_kept_in_its_order()
    {
        using var root = TestAuthority.CreateRoot();
        using var intermediate = root.CreateIntermediate();
        using var leaf = intermediate.IssueLeaf("device");
        var presented = new PresentedCertificates();

        presented.Take(Load(leaf), [Load(intermediate.Own), Load(root.Own)]);

        Assert.True(presented.TryGetChain(out var chain, out _));
        Assert.Equal(leaf.Certificate.Thumbprint, chain.Leaf.Thumbprint);
        Assert.Equal([intermediate.Certificate.Thumbprint, root.Certificate.Thumbprint], chain.Issuers.Select(issuer => issuer.Thumbprint));
    }

    [Fact]
    public void More_certificates_than_a_chain_may_hold_are_a_refusal()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("device");
        var presented = new PresentedCertificates();
        X509Certificate2Collection many = [.. Enumerable.Range(0, 50).Select(i => Load(TestAuthority.CreateRoot($"Root {i}").Own))];

        presented.Take(Load(leaf), many);

        Assert.False(presented.TryGetChain(out _, out var refusal));
        Assert.Equal(CertificateRefusals.TooManyCertificates, refusal.Reason);
    }

    [Fact]
    public void Nothing_presented_is_empty() => Assert.True(new PresentedCertificates().IsEmpty);

    private static X509Certificate2 Load(TestCertificate certificate) => X509CertificateLoader.LoadCertificate(certificate.Der.Span);
}
