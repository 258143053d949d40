using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Perennial.X509.Parsing;
using Perennial.X509.Paths;

namespace Perennial.X509;

/// <summary>One X.509 certificate, parsed and bounded; nothing about it is proven by parsing. Immutable.</summary>
public sealed class Certificate
{
    /// <summary>Most bytes of an encoding that is looked at.</summary>
    public const int MaxLength = 16 * 1024;

    private static readonly VerificationKeys Keys = new();

    private readonly CertificateFields _fields;

    private Certificate(ReadOnlyMemory<byte> der, CertificateFields fields)
    {
        Der = der;
        _fields = fields;
        Thumbprint = Thumbprint.Of(der.Span);
        IsSelfIssued = fields.Subject.Key == fields.Issuer.Key;
    }

    /// <summary>The encoding.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>SHA-256 of the encoding.</summary>
    public Thumbprint Thumbprint { get; }

    /// <summary>SHA-1 of the encoding, 40 upper-case hexadecimal digits. Only for Azure's JSON; identifies nothing safely.</summary>
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Azure's JSON carries it beside SHA-256.")]
    public string Sha1Thumbprint => Convert.ToHexString(SHA1.HashData(Der.Span));

    /// <summary>The X.509 version, 1 to 3.</summary>
    public int Version => _fields.Version;

    /// <summary>The serial number in upper-case hexadecimal digits, two for each encoded byte.</summary>
    public string SerialNumber => Convert.ToHexString(_fields.SerialNumber.Span);

    /// <summary>Whom the certificate is for.</summary>
    public DistinguishedName Subject => _fields.Subject;

    /// <summary>Who issued it, by its own word.</summary>
    public DistinguishedName Issuer => _fields.Issuer;

    /// <summary>The first moment of validity, UTC.</summary>
    public DateTimeOffset NotBefore => _fields.NotBefore;

    /// <summary>The last second of validity, UTC.</summary>
    public DateTimeOffset NotAfter => _fields.NotAfter;

    /// <summary>Whether subject and issuer are the same name; whether it is also self-signed is not said.</summary>
    public bool IsSelfIssued { get; }

    /// <summary>Whether the basic constraints say that it is an authority's.</summary>
    public bool IsCertificateAuthority => _fields.Extensions.BasicConstraints is { IsAuthority: true };

    /// <summary>Whether it constrains the names of the certificates below it: then these differ in more than their dates.</summary>
    public bool ConstrainsNames => _fields.Extensions.NameConstraints is not null;

    /// <summary>The subject key identifier; null when there is none.</summary>
    public ReadOnlyMemory<byte>? SubjectKeyIdentifier => _fields.Extensions.SubjectKeyIdentifier;

    /// <summary>The key identifier of the issuer; null when there is none.</summary>
    public ReadOnlyMemory<byte>? AuthorityKeyIdentifier => _fields.Extensions.AuthorityKeyIdentifier;

    /// <summary>The public key as an encoded SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> PublicKeyInfo => _fields.PublicKey.Der;

    /// <summary>SHA-256 of <see cref="PublicKeyInfo"/>; the same for every certificate of one key.</summary>
    public Thumbprint KeyThumbprint => _fields.PublicKey.Thumbprint;

    /// <summary>Most intermediates below this authority; null sets no limit.</summary>
    public int? PathLength => _fields.Extensions.BasicConstraints?.PathLength;

    internal CertificateFields Fields => _fields;

    internal CertificateExtensions Extensions => _fields.Extensions;

    internal SubjectPublicKey PublicKey => _fields.PublicKey;

    /// <summary>Parses one certificate; never throws on any bytes.</summary>
    /// <param name="der">The DER encoding and nothing after it; it is copied.</param>
    /// <param name="certificate">The certificate, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> der,
        [NotNullWhen(true)] out Certificate? certificate,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        certificate = null;
        if (der.Length > MaxLength)
        {
            refusal = new(CertificateRefusals.TooLarge, $"The certificate is {der.Length} bytes, the most is {MaxLength}.");
            return false;
        }

        try
        {
            ReadOnlyMemory<byte> copy = der.ToArray();
            var parsed = new Certificate(copy, CertificateReader.Read(copy));
            refusal = parsed.FindContradiction();
            certificate = refusal is null ? parsed : null;
            return refusal is null;
        }
        catch (AsnContentException fault)
        {
            refusal = new(CertificateRefusals.Malformed, $"{der.Length} bytes: {fault.Message}");
            return false;
        }
    }

    /// <summary>Takes the one common name of the subject.</summary>
    /// <param name="name">The name, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false: none, several, or not printable ASCII.</param>
    public bool TryGetCommonName([NotNullWhen(true)] out CommonName? name, [NotNullWhen(false)] out Refusal? refusal) =>
        Subject.TryGetCommonName(Describe, out name, out refusal);

    /// <summary>Whether the key of another certificate signed this one, with a hash and a scheme that are taken. Nothing else is looked at.</summary>
    /// <param name="issuer">The other certificate, or this one itself.</param>
    public bool IsSignedBy(Certificate issuer)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        return SignatureScheme.TryRead(this, out var scheme) is null && SignatureVerifier.Verify(this, scheme!, issuer.PublicKey, Keys);
    }

    /// <summary>The subject and the first 16 digits of the thumbprint.</summary>
    public override string ToString() => Describe();

    /// <summary>Whether the key identifiers say that another key than this issuer's made the signature.</summary>
    internal bool WantsOtherKeyThan(Certificate issuer) =>
        AuthorityKeyIdentifier is { } wanted && issuer.SubjectKeyIdentifier is { } held && !wanted.Span.SequenceEqual(held.Span);

    internal string Describe() => $"'{Subject.Shown}' (SHA-256 {Thumbprint.ToString().AsSpan(0, 16)}…)";

    private Refusal? FindContradiction()
    {
        if (Extensions.Duplicate is { } oid)
        {
            return new(CertificateRefusals.DuplicateExtension, $"{Describe()} has the extension {oid} twice.");
        }

        if (!_fields.SignatureAlgorithm.IsSame(_fields.SignedSignatureAlgorithm))
        {
            return new(
                CertificateRefusals.AlgorithmMismatch,
                $"{Describe()} says {_fields.SignedSignatureAlgorithm.Oid} inside the signed part and {_fields.SignatureAlgorithm.Oid} outside.");
        }

        return null;
    }
}
