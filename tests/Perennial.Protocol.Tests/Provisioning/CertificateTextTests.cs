using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CsCheck;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Protocol.Tests.Provisioning;

public sealed class CertificateTextTests
{
    private static readonly byte[] Der = [0x30, .. Enumerable.Range(0, 199).Select(i => (byte)i)];
    private static readonly string Base64 = Convert.ToBase64String(Der);
    private static readonly string PemText = $"-----BEGIN CERTIFICATE-----\n{Convert.ToBase64String(Der, Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\n")}\n-----END CERTIFICATE-----\n";

    public static TheoryData<string> Forms =>
    [
        Base64,
        Convert.ToBase64String(Der, Base64FormattingOptions.InsertLineBreaks),
        PemText,
        PemText.ReplaceLineEndings("\r\n"),
        PemText.Trim(),
        PemText.ReplaceLineEndings(string.Empty),
        "subject=CN=dev-01\n" + PemText + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        Convert.ToBase64String(Encoding.ASCII.GetBytes(PemText)),
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_gives_the_first_certificate(string text)
    {
        Assert.True(CertificateText.TryReadDer(text, out var der));
        Assert.Equal(Der, der);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("?")]
    [InlineData("-----BEGIN CERTIFICATE-----AAAA")]
    [InlineData("-----BEGIN CERTIFICATE----------END CERTIFICATE-----")]
    [InlineData("LS0tLS1CRUdJTg==")]
    public void Another_text_is_refused(string? text) => Assert.False(CertificateText.TryReadDer(text, out _));

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Texts.After("-----BEGIN CERTIFICATE-----", "LS0tLS1CRUdJTi").Sample(text => { _ = CertificateText.TryReadDer(text, out _); });

    [Fact]
    public void A_certificate_is_described_by_eight_members()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dev-01, O=x", key, HashAlgorithmName.SHA256);
        var notBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = request.CreateSelfSigned(notBefore, notBefore.AddYears(1));
        Assert.True(Certificate.TryParse(made.RawData, out var certificate, out _));
        var info = X509CertificateInfo.From(certificate);
        Assert.Equal("CN=dev-01, O=x", info.SubjectName);
        Assert.Equal(info.SubjectName, info.IssuerName);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(made.RawData)), info.Sha256Thumbprint);
        Assert.Equal(40, info.Sha1Thumbprint!.Length);
        Assert.Equal((notBefore, notBefore.AddYears(1)), (info.NotBeforeUtc, info.NotAfterUtc));
        Assert.Equal((made.SerialNumber, 3), (info.SerialNumber, info.Version));
    }
}
