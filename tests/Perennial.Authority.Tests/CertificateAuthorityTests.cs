using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Tests;

public sealed class CertificateAuthorityTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);

    [Theory]
    [InlineData(KeyAlgorithm.P256)]
    [InlineData(KeyAlgorithm.P384)]
    [InlineData(KeyAlgorithm.Rsa2048)]
    public void A_leaf_below_root_and_intermediate_passes_the_chain_policy(KeyAlgorithm algorithm)
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root", KeyAlgorithm = algorithm }, _clock);
        using var intermediate = root.IssueIntermediate(new() { CommonName = "Intermediate", PathLength = 0 });
        using var leaf = intermediate.IssueLeaf(new() { CommonName = "dev-01", KeyAlgorithm = algorithm });
        Assert.Null(Judge(leaf, intermediate, root, ChainPolicyOptions.ClientAuthentication).Refusal);
        Assert.Equal(2, Assert.Single(Judge(leaf, intermediate, root, ChainPolicyOptions.ClientAuthentication).Paths).Depth);
    }

    [Fact]
    public void A_server_certificate_is_not_fit_for_a_client()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root" }, _clock);
        using var leaf = root.IssueLeaf(new() { CommonName = "server", Purpose = LeafPurpose.Server, DnsNames = ["localhost"] });
        Assert.Null(Judge(leaf, root, root, ChainPolicyOptions.ServerAuthentication).Refusal);
        Assert.Equal(
            CertificateRefusals.WrongExtendedKeyUsage, Judge(leaf, root, root, ChainPolicyOptions.ClientAuthentication).Refusal!.Reason);
    }

    [Fact]
    public void Validity_begins_five_minutes_back_and_ends_with_the_lifetime()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root", Lifetime = TimeSpan.FromDays(10) }, _clock);
        Assert.Equal(Now.AddMinutes(-5), root.Certificate.NotBefore);
        Assert.Equal(Now.AddDays(10), root.Certificate.NotAfter);
    }

    [Fact]
    public void Validity_never_passes_the_issuers()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root", Lifetime = TimeSpan.FromDays(10) }, _clock);
        using var leaf = root.IssueLeaf(new() { CommonName = "dev-01", Lifetime = TimeSpan.FromDays(90) });
        Assert.Equal(root.Certificate.NotAfter, leaf.Certificate.NotAfter);
        Assert.True(leaf.Certificate.NotBefore >= root.Certificate.NotBefore);
    }

    [Fact]
    public void An_expired_authority_issues_nothing()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root", Lifetime = TimeSpan.FromDays(10) }, _clock);
        _clock.Advance(TimeSpan.FromDays(11));
        Assert.Throws<InvalidOperationException>(() => root.IssueLeaf(new() { CommonName = "dev-01" }));
    }

    [Fact]
    public void A_leaf_issues_nothing()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root" }, _clock);
        using var leaf = root.IssueLeaf(new() { CommonName = "dev-01" });
        Assert.Throws<ArgumentException>(() => new CertificateAuthority(leaf, _clock));
    }

    [Fact]
    public void Serial_numbers_hold_128_random_bits_and_are_positive()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root" }, _clock);
        var serials = Enumerable.Range(0, 50).Select(i => Serial(root, i)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(50, serials.Count);
        Assert.All(serials, s => Assert.True(s.Length == 34 && s.StartsWith("01", StringComparison.Ordinal)));
    }

    [Fact]
    public void Key_identifiers_name_subject_and_issuer()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root" }, _clock);
        using var leaf = root.IssueLeaf(new() { CommonName = "dev-01" });
        Assert.Equal(root.Certificate.SubjectKeyIdentifier!.Value, leaf.Certificate.AuthorityKeyIdentifier!.Value);
        Assert.Equal(root.Certificate.SubjectKeyIdentifier!.Value, root.Certificate.AuthorityKeyIdentifier!.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gerät")]
    [InlineData("a\0b")]
    public void A_common_name_that_no_device_may_have_is_not_issued(string name)
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root" }, _clock);
        Assert.Throws<ArgumentException>(() => root.IssueLeaf(new() { CommonName = name }));
    }

    [Fact]
    public async Task A_server_certificate_serves_tls_for_its_names()
    {
        using var root = CertificateAuthority.CreateRoot(new() { CommonName = "Root" }, TimeProvider.System);
        using var issued = root.IssueLeaf(new()
        {
            CommonName = "server",
            Purpose = LeafPurpose.Server,
            DnsNames = ["hub.example"],
            Addresses = [IPAddress.Loopback],
        });
        using var certificate = issued.ToTlsCertificate();
        using var trusted = X509CertificateLoader.LoadCertificate(root.Certificate.Der.Span);
        var (serverEnd, clientEnd) = Pipes.Make();
        await using var server = new SslStream(serverEnd);
        await using var client = new SslStream(clientEnd);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(trusted);
        var options = new SslClientAuthenticationOptions { TargetHost = "hub.example", CertificateChainPolicy = policy };
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(certificate),
            client.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken));
        Assert.NotEqual(SslProtocols.None, client.SslProtocol);
    }

    private static string Serial(CertificateAuthority root, int number)
    {
        using var leaf = root.IssueLeaf(new() { CommonName = $"dev-{number}" });
        return leaf.Certificate.SerialNumber;
    }

    private static PathSearch Judge(IssuedCertificate leaf, CertificateAuthority presented, CertificateAuthority anchor, string purpose)
    {
        Assert.True(CertificateChain.TryCreate(leaf.Certificate, [presented.Certificate], out var chain, out _));
        return new ChainPolicy(new() { RequiredPurpose = purpose }, new SignatureCache()).FindPaths(chain, [anchor.Certificate], Now);
    }
}
