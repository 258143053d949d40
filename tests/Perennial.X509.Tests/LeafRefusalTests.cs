using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class LeafRefusalTests
{
    private const string ServerAuthentication = ChainPolicyOptions.ServerAuthentication;

    [Fact]
    public void An_expired_leaf_is_refused_after_the_skew()
    {
        var options = new TestCertificateOptions { NotAfter = Verdict.Now };
        AssertAccepted(options, at: Verdict.Now.AddMinutes(5));
        AssertRefused(options, CertificateRefusals.Expired, at: Verdict.Now.AddMinutes(5).AddSeconds(1));
    }

    [Fact]
    public void A_leaf_that_is_not_valid_yet_is_refused_before_the_skew()
    {
        var options = new TestCertificateOptions { NotBefore = Verdict.Now };
        AssertAccepted(options, at: Verdict.Now.AddMinutes(-5));
        AssertRefused(options, CertificateRefusals.NotYetValid, at: Verdict.Now.AddMinutes(-5).AddSeconds(-1));
    }

    [Fact]
    public void A_certificate_that_never_expires_is_accepted() =>
        AssertAccepted(new() { NotAfter = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero) });

    [Fact]
    public void An_authority_as_leaf_is_refused_and_told_what_openssl_needs()
    {
        AssertRefused(new() { IsAuthority = true }, CertificateRefusals.AuthorityAsLeaf);
        Assert.Contains("-addext basicConstraints=critical,CA:FALSE", CertificateRefusals.AuthorityAsLeaf.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leaf_without_basic_constraints_is_accepted() => AssertAccepted(new() { HasBasicConstraints = false });

    [Fact]
    public void A_leaf_without_purposes_is_accepted() => AssertAccepted(new() { Purposes = [] });

    [Fact]
    public void A_leaf_for_any_purpose_is_accepted() => AssertAccepted(new() { Purposes = ["2.5.29.37.0"] });

    [Fact]
    public void A_leaf_for_servers_only_is_refused() =>
        AssertRefused(new() { Purposes = [ServerAuthentication] }, CertificateRefusals.WrongExtendedKeyUsage);

    [Fact]
    public void A_leaf_for_servers_and_clients_is_accepted() =>
        AssertAccepted(new() { Purposes = [ServerAuthentication, ChainPolicyOptions.ClientAuthentication] });

    [Theory]
    [InlineData(X509KeyUsageFlags.KeyEncipherment)]
    [InlineData(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign)]
    public void A_leaf_with_a_key_usage_that_does_not_fit_is_refused(X509KeyUsageFlags usage) =>
        AssertRefused(new() { KeyUsage = usage }, CertificateRefusals.WrongKeyUsage);

    [Fact]
    public void A_leaf_without_key_usage_is_accepted() => AssertAccepted(new() { KeyUsage = X509KeyUsageFlags.None });

    [Fact]
    public void A_small_RSA_key_is_refused()
    {
        using var key = TestKey.Rsa(1024);
        AssertRefused(new() { Key = key }, CertificateRefusals.WeakKey);
    }

    [Fact]
    public void A_curve_that_is_not_listed_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName("brainpoolP256r1"));
        AssertRefused(new() { Key = key }, CertificateRefusals.WeakKey);
    }

    [Fact]
    public void A_curve_given_by_its_parameters_is_refused()
    {
        using var named = TestKey.P256();
        using var key = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        AssertRefused(new() { Key = key }, CertificateRefusals.WeakKey);
    }

    [Theory]
    [InlineData("1.2.840.113549.1.1.4")] // MD5
    [InlineData("1.2.840.113549.1.1.5")] // SHA-1
    [InlineData("1.2.840.10045.4.1")] // ECDSA with SHA-1
    public void A_signature_with_a_broken_hash_is_refused(string algorithm) =>
        AssertRefused(new() { SignatureAlgorithm = algorithm }, CertificateRefusals.WeakSignature);

    [Fact]
    public void An_algorithm_that_is_not_known_is_refused() =>
        AssertRefused(new() { SignatureAlgorithm = "1.3.101.112" }, CertificateRefusals.UnsupportedAlgorithm);

    [Fact]
    public void Two_different_algorithms_inside_and_outside_are_refused() =>
        AssertRefused(new() { SignedSignatureAlgorithm = "1.2.840.10045.4.3.4" }, CertificateRefusals.AlgorithmMismatch);

    [Fact]
    public void An_unknown_critical_extension_is_refused() =>
        AssertRefused(new() { Extensions = [new("1.2.3.4", [0x05, 0x00], critical: true)] }, CertificateRefusals.UnknownCriticalExtension);

    [Fact]
    public void An_unknown_extension_that_is_not_critical_is_accepted() =>
        AssertAccepted(new() { Extensions = [new("1.2.3.4", [0x05, 0x00], critical: false)] });

    [Fact]
    public void The_same_extension_twice_is_refused() =>
        AssertRefused(
            new() { Extensions = [new X509BasicConstraintsExtension(false, false, 0, critical: true)] }, CertificateRefusals.DuplicateExtension);

    [Fact]
    public void A_version_1_leaf_in_a_chain_is_refused() => AssertRefused(new() { Version = 1 }, CertificateRefusals.OldVersion);

    [Fact]
    public void A_leaf_of_16_KB_is_read_and_one_byte_more_is_not()
    {
        using var small = TestAuthority.CreateSelfSignedLeaf("x", Padded(15_000));
        var room = Certificate.MaxLength - small.Der.Length;
        using var largest = TestAuthority.CreateSelfSignedLeaf("x", Padded(15_000 + room - 8));
        Assert.True(Certificate.TryParse(largest.Der, out _, out _));
        using var larger = TestAuthority.CreateSelfSignedLeaf("x", Padded(15_000 + room + 8));
        Assert.False(Certificate.TryParse(larger.Der, out _, out var refusal));
        Assert.Equal(CertificateRefusals.TooLarge, refusal.Reason);
    }

    [Fact]
    public void Bytes_after_a_certificate_are_refused()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("x");
        Assert.False(Certificate.TryParse((byte[])[.. leaf.Der.Span, 0], out _, out var refusal));
        Assert.Equal(CertificateRefusals.Malformed, refusal.Reason);
    }

    private static TestCertificateOptions Padded(int length) =>
        new() { Extensions = [new("1.2.3.4", new byte[length], critical: false)] };

    private static void AssertAccepted(TestCertificateOptions options, DateTimeOffset? at = null)
    {
        using var root = TestAuthority.CreateRoot();
        using var leaf = root.IssueLeaf("dev-01", options);
        Assert.Null(Verdict.Of(leaf, [], [root], at: at).Refusal);
        Assert.Null(Verdict.Policy().CheckLeaf(leaf.Certificate, at ?? Verdict.Now));
    }

    private static void AssertRefused(TestCertificateOptions options, RefusalReason reason, DateTimeOffset? at = null)
    {
        using var root = TestAuthority.CreateRoot();
        using var leaf = root.IssueLeaf("dev-01", options);
        var refusal = Verdict.Of(leaf, [], [root], at: at).Refusal;
        Assert.Equal(reason, refusal?.Reason);
        Assert.Contains("CN=dev-01", refusal!.Detail, StringComparison.Ordinal);
    }
}
