using System.Security.Cryptography.X509Certificates;
using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class IssuerRefusalTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Our Root");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void An_expired_intermediate_is_refused() =>
        AssertIntermediateRefused(new() { NotAfter = Verdict.Now.AddDays(-1) }, CertificateRefusals.IssuerExpired);

    [Fact]
    public void An_intermediate_that_is_not_valid_yet_is_refused() =>
        AssertIntermediateRefused(new() { NotBefore = Verdict.Now.AddDays(1) }, CertificateRefusals.IssuerNotYetValid);

    [Fact]
    public void An_intermediate_that_is_no_authority_is_refused() =>
        AssertIntermediateRefused(new() { IsAuthority = false }, CertificateRefusals.NotAnAuthority);

    [Fact]
    public void An_intermediate_without_basic_constraints_is_refused() =>
        AssertIntermediateRefused(new() { HasBasicConstraints = false }, CertificateRefusals.NotAnAuthority);

    [Fact]
    public void An_intermediate_that_may_not_sign_certificates_is_refused() =>
        AssertIntermediateRefused(new() { KeyUsage = X509KeyUsageFlags.DigitalSignature }, CertificateRefusals.WrongKeyUsage);

    [Fact]
    public void An_intermediate_for_servers_only_is_refused() =>
        AssertIntermediateRefused(new() { Purposes = [ChainPolicyOptions.ServerAuthentication] }, CertificateRefusals.WrongExtendedKeyUsage);

    [Fact]
    public void An_intermediate_of_version_1_is_refused() => AssertIntermediateRefused(new() { Version = 1 }, CertificateRefusals.OldVersion);

    [Fact]
    public void An_intermediate_with_an_unknown_critical_extension_is_refused() =>
        AssertIntermediateRefused(
            new() { Extensions = [new("1.2.3.4", [0x05, 0x00], critical: true)] }, CertificateRefusals.UnknownCriticalExtension);

    [Fact]
    public void An_intermediate_with_a_weak_key_is_refused()
    {
        using var key = TestKey.Rsa(1024);
        AssertIntermediateRefused(new() { Key = key }, CertificateRefusals.WeakKey);
    }

    [Fact]
    public void An_intermediate_with_a_weak_signature_is_refused_below_a_root_and_fine_as_anchor()
    {
        using var intermediate = _root.CreateIntermediate("Intermediate", new() { SignatureAlgorithm = "1.2.840.10045.4.1" });
        using var leaf = intermediate.IssueLeaf("dev-01");
        Assert.Equal(CertificateRefusals.WeakSignature, Verdict.Of(leaf, [intermediate], [_root]).Refusal?.Reason);
        Assert.Null(Verdict.Of(leaf, [intermediate], [intermediate]).Refusal);
    }

    [Fact]
    public void An_expired_anchor_is_refused_though_it_is_enrolled()
    {
        using var old = TestAuthority.CreateRoot("Old", new() { NotAfter = Verdict.Now.AddDays(-1) });
        using var leaf = old.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [], [old]), CertificateRefusals.IssuerExpired, "CN=Old");
    }

    [Fact]
    public void A_leaf_as_anchor_is_refused()
    {
        using var device = _root.CreateIntermediate("dev-00", new() { IsAuthority = false });
        using var leaf = device.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [], [device]), CertificateRefusals.NotAnAuthority, "CN=dev-00");
    }

    [Fact]
    public void A_path_longer_than_an_authority_allows_is_refused()
    {
        using var root = TestAuthority.CreateRoot("Short", new() { PathLength = 0 });
        using var intermediate = root.CreateIntermediate();
        using var leaf = intermediate.IssueLeaf("dev-01");
        AssertRefused(Verdict.Of(leaf, [intermediate], [root]), CertificateRefusals.PathTooLong, "CN=Short");
    }

    [Fact]
    public void More_than_five_others_are_refused()
    {
        using var leaf = _root.IssueLeaf("dev-01");
        var strangers = Enumerable.Range(0, 6).Select(i => TestAuthority.CreateRoot($"Stranger {i}")).ToList();
        Assert.Equal(CertificateRefusals.TooManyCertificates, Verdict.Of(leaf, strangers, [_root]).Refusal?.Reason);
        Assert.Null(Verdict.Of(leaf, [strangers[0], .. strangers[..5]], [_root]).Refusal);
        strangers.ForEach(s => s.Dispose());
    }

    [Fact]
    public void A_name_outside_the_constraints_is_refused()
    {
        var constraints = new X509Extension("2.5.29.30", Convert.FromHexString("3011A00F300D820B6578616D706C652E636F6D"), critical: true);
        using var intermediate = _root.CreateIntermediate("Intermediate", new() { Extensions = [constraints] });
        using var inside = intermediate.IssueLeaf("dev-01", new() { DnsNames = ["dev-01.example.com"] });
        using var outside = intermediate.IssueLeaf("dev-01", new() { DnsNames = ["dev-01.example.org"] });
        Assert.Null(Verdict.Of(inside, [intermediate], [_root]).Refusal);
        AssertRefused(Verdict.Of(outside, [intermediate], [_root]), CertificateRefusals.NameNotPermitted, "dev-01.example.org");
    }

    private void AssertIntermediateRefused(TestCertificateOptions options, RefusalReason reason)
    {
        using var intermediate = _root.CreateIntermediate("Faulty", options);
        using var leaf = intermediate.IssueLeaf("dev-01", new() { Hash = new("SHA256") });
        AssertRefused(Verdict.Of(leaf, [intermediate], [_root]), reason, "CN=Faulty");
        AssertRefused(Verdict.Of(leaf, [], [intermediate]), reason, "CN=Faulty");
    }

    private static void AssertRefused(PathSearch search, RefusalReason reason, string named)
    {
        Assert.Equal(reason, search.Refusal?.Reason);
        Assert.Contains(named, search.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty(search.Paths);
    }
}
