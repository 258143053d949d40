using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class PemTests : IDisposable
{
    private readonly TestAuthority _root = TestAuthority.CreateRoot();
    private readonly TestCertificate _leaf;

    public PemTests() => _leaf = _root.IssueLeaf("dev-01");

    public void Dispose()
    {
        _leaf.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void What_is_written_is_read() => AssertReads(Pem.Write(_leaf.Certificate), _leaf);

    [Fact]
    public void Either_line_ending_and_text_around_is_read()
    {
        AssertReads(_leaf.CertificatePem.ReplaceLineEndings("\r\n"), _leaf);
        AssertReads($"Bag Attributes\n  friendlyName: x\nsubject=CN = dev-01\n{_leaf.CertificatePem}\n# end", _leaf);
        AssertReads(_leaf.CertificatePem.ReplaceLineEndings(" "), _leaf);
    }

    [Fact]
    public void A_bundle_keeps_its_order() => AssertReads(_leaf.CertificatePem + _root.Own.CertificatePem, _leaf, _root.Own);

    [Fact]
    public void Other_blocks_are_passed_over() =>
        AssertReads("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + _leaf.CertificatePem, _leaf);

    [Fact]
    public void Base64_without_header_lines_is_read()
    {
        AssertReads(Convert.ToBase64String(_leaf.Der.Span), _leaf);
        AssertReads(Convert.ToBase64String(_leaf.Der.Span, Base64FormattingOptions.InsertLineBreaks) + "\r\n", _leaf);
        AssertReads(Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(_leaf.CertificatePem)), _leaf);
    }

    [Fact]
    public void A_private_key_is_refused_also_beside_a_certificate()
    {
        AssertRefused(_leaf.KeyPem, CertificateRefusals.PrivateKeyGiven);
        AssertRefused(_leaf.CertificatePem + _leaf.KeyPem, CertificateRefusals.PrivateKeyGiven);
        AssertRefused(((ECDsa)_leaf.Key).ExportECPrivateKeyPem(), CertificateRefusals.PrivateKeyGiven);
        AssertRefused(Convert.ToBase64String(_leaf.Key.ExportPkcs8PrivateKey()), CertificateRefusals.PrivateKeyGiven);
        AssertRefused(Convert.ToBase64String(((ECDsa)_leaf.Key).ExportECPrivateKey()), CertificateRefusals.PrivateKeyGiven);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);
        AssertRefused(Convert.ToBase64String(_leaf.Key.ExportEncryptedPkcs8PrivateKey("x", encryption)), CertificateRefusals.PrivateKeyGiven);
    }

    [Fact]
    public void A_signing_request_is_refused()
    {
        var request = new CertificateRequest("CN=dev-01", (ECDsa)_leaf.Key, HashAlgorithmName.SHA256);
        AssertRefused(request.CreateSigningRequestPem(), CertificateRefusals.SigningRequestGiven);
        AssertRefused(Convert.ToBase64String(request.CreateSigningRequest()), CertificateRefusals.SigningRequestGiven);
    }

    [Fact]
    public void A_PKCS_12_container_is_refused() =>
        AssertRefused(
            Convert.ToBase64String(_leaf.WithKey.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "x")), CertificateRefusals.Pkcs12Given);

    [Fact]
    public void Text_without_a_certificate_is_refused()
    {
        AssertRefused("", CertificateRefusals.NoCertificate);
        AssertRefused("no certificate!", CertificateRefusals.NoCertificate);
        AssertRefused(PemEncoding.WriteString("PUBLIC KEY", _leaf.Key.ExportSubjectPublicKeyInfo()), CertificateRefusals.NoCertificate);
        AssertRefused(Convert.ToBase64String(_leaf.Key.ExportSubjectPublicKeyInfo()), CertificateRefusals.NoCertificate);
        using var bundle = X509CertificateLoader.LoadCertificate(_leaf.Der.Span);
        AssertRefused(
            Convert.ToBase64String(new X509Certificate2Collection(bundle).Export(X509ContentType.Pkcs7)!), CertificateRefusals.NoCertificate);
    }

    [Fact]
    public void Text_that_is_too_large_is_refused() =>
        AssertRefused(new string(' ', Pem.MaxTextLength) + _leaf.CertificatePem, CertificateRefusals.TextTooLarge);

    [Fact]
    public void A_broken_block_is_refused_and_not_passed_over()
    {
        AssertRefused(_leaf.CertificatePem.Replace("-----END", "----END", StringComparison.Ordinal), CertificateRefusals.Malformed);
        AssertRefused(_leaf.CertificatePem + _root.Own.CertificatePem[..100], CertificateRefusals.Malformed);
        AssertRefused(_leaf.CertificatePem.Replace("MII", "M!!", StringComparison.Ordinal), CertificateRefusals.Malformed);
    }

    [Fact]
    public void Thousands_of_open_blocks_are_read_in_one_pass() =>
        AssertRefused(string.Concat(Enumerable.Repeat("-----BEGIN X-----", 15_000)), CertificateRefusals.NoCertificate);

    private static void AssertReads(string text, params TestCertificate[] expected)
    {
        Assert.True(Pem.TryReadCertificates(text, out var certificates, out var refusal), refusal?.Detail);
        Assert.Equal(expected.Select(e => e.Certificate.Thumbprint), certificates.Select(c => c.Thumbprint));
    }

    private static void AssertRefused(string text, RefusalReason reason)
    {
        Assert.False(Pem.TryReadCertificates(text, out _, out var refusal));
        Assert.Equal(reason, refusal.Reason);
    }
}
