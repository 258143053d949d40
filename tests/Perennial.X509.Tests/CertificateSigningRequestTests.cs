using System.Security.Cryptography;
using CsCheck;
using Perennial.TestCertificates;

namespace Perennial.X509.Tests;

public sealed class CertificateSigningRequestTests
{
    public static TheoryData<KeyKind, int> Kinds => new() { { KeyKind.P256, 256 }, { KeyKind.P384, 384 }, { KeyKind.P521, 521 }, { KeyKind.Rsa, 2048 }, { KeyKind.Rsa, 3072 } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_request_tells_name_key_kind_and_size(KeyKind kind, int bits)
    {
        using var key = KeyOf(kind, bits);
        var request = TestSigningRequest.Make("lamp-1", key);
        Assert.Equal("lamp-1", request.CommonName.Value);
        Assert.Equal((kind, bits), (request.KeyKind, request.KeySize));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), request.PublicKeyInfo.ToArray());
    }

    [Fact]
    public void A_request_is_read_from_base64_and_from_PEM()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = TestSigningRequest.Encode("CN=lamp-1", key);
        Assert.True(CertificateSigningRequest.TryParse(Convert.ToBase64String(der, Base64FormattingOptions.InsertLineBreaks), out var fromBase64, out _));
        Assert.True(CertificateSigningRequest.TryParsePem(PemEncoding.WriteString("CERTIFICATE REQUEST", der), out var fromPem, out _));
        Assert.Equal(fromBase64.Der.ToArray(), fromPem.Der.ToArray());
        Assert.Equal(Convert.ToBase64String(der), fromPem.ToBase64());
    }

    [Fact]
    public void A_request_that_another_key_signed_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = TestSigningRequest.Encode("CN=lamp-1", key);
        var foreign = key.ExportSubjectPublicKeyInfo();
        var at = der.AsSpan().IndexOf(foreign);
        other.ExportSubjectPublicKeyInfo().CopyTo(der.AsSpan(at));
        Assert.Equal(SigningRequestRefusals.SignatureWrong, RefusalOf(der));
    }

    [Theory]
    [InlineData("O=lamps", 2008)]
    [InlineData("CN=a,CN=b", 2009)]
    [InlineData("CN=lämp", 2010)]
    public void The_common_name_obeys_the_rules_of_certificates(string subject, int number)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(number, RefusalOf(TestSigningRequest.Encode(subject, key)).Number);
    }

    [Fact]
    public void A_weak_key_is_refused()
    {
        using var key = RSA.Create(1024);
        Assert.Equal(CertificateRefusals.WeakKey, RefusalOf(TestSigningRequest.Encode("CN=lamp-1", key)));
    }

    [Fact]
    public void What_is_larger_than_8_KB_is_not_looked_at()
    {
        Assert.False(CertificateSigningRequest.TryParse(new string('A', CertificateSigningRequest.MaxTextLength + 1), out _, out var refusal));
        Assert.Equal(SigningRequestRefusals.TooLarge, refusal.Reason);
        Assert.Equal(SigningRequestRefusals.TooLarge, RefusalOf(new byte[CertificateSigningRequest.MaxLength + 1]));
        Assert.True(CertificateSigningRequest.TryParsePem("-----BEGIN X-----", out _, out refusal) || refusal.Reason == SigningRequestRefusals.Malformed);
    }

    [Fact]
    public void A_request_with_any_byte_changed_is_refused_or_says_the_same_key()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = TestSigningRequest.Encode("CN=lamp-1", key);
        Gen.Select(Gen.Int[0, der.Length - 1], Gen.Byte[1, 255]).Sample((at, change) =>
        {
            var changed = (byte[])der.Clone();
            changed[at] ^= change;
            return !CertificateSigningRequest.TryParse(changed, out _, out _);
        });
    }

    [Fact]
    public void No_bytes_throw() => Gen.Byte.Array[0, 300].Sample(bytes => !CertificateSigningRequest.TryParse(bytes, out _, out _));

    private static RefusalReason RefusalOf(byte[] der)
    {
        Assert.False(CertificateSigningRequest.TryParse(der, out _, out var refusal));
        return refusal.Reason;
    }

    private static AsymmetricAlgorithm KeyOf(KeyKind kind, int bits) => kind switch
    {
        KeyKind.P256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyKind.P384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        KeyKind.P521 => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => RSA.Create(bits),
    };
}
