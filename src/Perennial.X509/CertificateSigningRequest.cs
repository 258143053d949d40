using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using Perennial.X509.Parsing;
using Perennial.X509.Paths;

namespace Perennial.X509;

/// <summary>
/// A PKCS #10 request (RFC 2986): a name, a public key, and the proof that the key is at hand. Bounded, and proven when it exists.
/// Immutable. What it asks for beside name and key, its attributes, is passed over.
/// </summary>
public sealed class CertificateSigningRequest
{
    /// <summary>Most characters in base64 that are looked at.</summary>
    public const int MaxTextLength = 8 * 1024;

    /// <summary>Most bytes of an encoding that is looked at.</summary>
    public const int MaxLength = MaxTextLength / 4 * 3;

    private static readonly VerificationKeys Keys = new();

    private CertificateSigningRequest(ReadOnlyMemory<byte> der, SigningRequestFields fields, CommonName commonName)
    {
        var (kind, size) = KeyRules.Describe(fields.PublicKey);
        Der = der;
        Subject = fields.Subject;
        CommonName = commonName;
        PublicKeyInfo = fields.PublicKey.Der;
        KeyThumbprint = fields.PublicKey.Thumbprint;
        KeyKind = kind;
        KeySize = size;
    }

    /// <summary>The encoding.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The whole name that is asked for.</summary>
    public DistinguishedName Subject { get; }

    /// <summary>The one common name in it.</summary>
    public CommonName CommonName { get; }

    /// <summary>The public key as an encoded SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> PublicKeyInfo { get; }

    /// <summary>SHA-256 of <see cref="PublicKeyInfo"/>; equal to <see cref="Certificate.KeyThumbprint"/> of every certificate for the key.</summary>
    public Thumbprint KeyThumbprint { get; }

    /// <summary>The kind of the key.</summary>
    public KeyKind KeyKind { get; }

    /// <summary>The size of the key in bits.</summary>
    public int KeySize { get; }

    /// <summary>Reads a request and checks its signature; never throws on any bytes.</summary>
    /// <param name="der">The DER encoding and nothing after it; it is copied.</param>
    /// <param name="request">The request, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> der,
        [NotNullWhen(true)] out CertificateSigningRequest? request,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        request = null;
        if (der.Length > MaxLength)
        {
            refusal = new(SigningRequestRefusals.TooLarge, $"The signing request is {der.Length} bytes, the most is {MaxLength}.");
            return false;
        }

        try
        {
            ReadOnlyMemory<byte> copy = der.ToArray();
            return TryAccept(copy, SigningRequestReader.Read(copy), out request, out refusal);
        }
        catch (AsnContentException fault)
        {
            refusal = new(SigningRequestRefusals.Malformed, $"{der.Length} bytes: {fault.Message}");
            return false;
        }
    }

    /// <summary>Reads a request from base64 without header lines, as devices send it; line ends in it are passed over.</summary>
    /// <param name="base64">The text.</param>
    /// <param name="request">The request, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false.</param>
    public static bool TryParse(
        string base64,
        [NotNullWhen(true)] out CertificateSigningRequest? request,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(base64);
        request = null;
        if (base64.Length > MaxTextLength)
        {
            refusal = new(SigningRequestRefusals.TooLarge, $"The signing request has {base64.Length} characters, the most is {MaxTextLength}.");
            return false;
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
        {
            refusal = new(SigningRequestRefusals.Malformed, "The signing request is not base64.");
            return false;
        }

        return TryParse(bytes.AsMemory(0, length), out request, out refusal);
    }

    /// <summary>Reads one PEM block CERTIFICATE REQUEST, as operators have it in a file.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="request">The request, when the answer is true.</param>
    /// <param name="refusal">Why not, when the answer is false.</param>
    public static bool TryParsePem(
        string pem,
        [NotNullWhen(true)] out CertificateSigningRequest? request,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(pem);
        request = null;
        var blocks = pem.Length <= Pem.MaxTextLength ? PemBlock.ReadAll(pem).Where(b => b.IsSigningRequest).Take(2).ToList() : [];
        if (blocks is [{ Body: { } body }])
        {
            return TryParse(body, out request, out refusal);
        }

        refusal = new(SigningRequestRefusals.Malformed, $"The text holds {blocks.Count} whole blocks CERTIFICATE REQUEST; wanted one.");
        return false;
    }

    /// <summary>The text as base64 without header lines.</summary>
    public string ToBase64() => Convert.ToBase64String(Der.Span);

    /// <summary>The name and the first 16 digits of the key's thumbprint.</summary>
    public override string ToString() => Describe(Subject, KeyThumbprint);

    private static string Describe(DistinguishedName subject, Thumbprint key) =>
        $"The signing request for '{subject.Shown}' (key SHA-256 {key.ToString().AsSpan(0, 16)}…)";

    private static bool TryAccept(
        ReadOnlyMemory<byte> der,
        SigningRequestFields fields,
        [NotNullWhen(true)] out CertificateSigningRequest? request,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        request = null;
        if (!fields.Subject.TryGetCommonName(Owner, out var name, out refusal))
        {
            return false;
        }

        refusal = KeyRules.Check(fields.PublicKey, Owner) ?? SignatureScheme.TryRead(fields.SignatureAlgorithm, Owner, out var scheme) ?? Prove(scheme!);
        request = refusal is null ? new(der, fields, name) : null;
        return request is not null;

        string Owner() => Describe(fields.Subject, fields.PublicKey.Thumbprint);

        Refusal? Prove(SignatureScheme read) => SignatureVerifier.Verify(fields.Signed, fields.Signature, read, fields.PublicKey, Keys)
            ? null
            : new(SigningRequestRefusals.SignatureWrong, $"{Owner()} is not signed by the key in it.");
    }
}
