using System.Security.Cryptography;
using Perennial.X509;

namespace Perennial.Server.Inspection;

/// <summary>Finds out what a file of certificates, requests or keys holds: PEM blocks, or one DER.</summary>
internal sealed class ReadFile(DescribeCertificate describe)
{
    /// <summary>Most blocks of a file that are told.</summary>
    public const int MaxObjects = 100;

    /// <summary>What the file holds; empty when nothing of it is known. Nothing of a private key is kept.</summary>
    public IReadOnlyList<FoundObject> Run(byte[] content, DateTimeOffset at)
    {
        var text = Encoding.Latin1.GetString(content);
        var found = new List<FoundObject>();
        for (var rest = text.AsSpan(); found.Count < MaxObjects && PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            var body = new byte[fields.DecodedDataLength];
            var isDecoded = Convert.TryFromBase64Chars(rest[fields.Base64Data], body, out var length);
            found.Add(OfBlock(rest[fields.Label].ToString(), isDecoded ? body[..length] : [], at));
        }

        if (found.Count > 0)
        {
            return found;
        }

        var bytes = new byte[text.Length];
        return OfDer(content, at) is { } der ? [der]
            : Convert.TryFromBase64String(text, bytes, out var count) && OfDer(bytes[..count], at) is { } decoded ? [decoded]
            : [];
    }

    private FoundObject OfBlock(string label, byte[] body, DateTimeOffset at) => label switch
    {
        "CERTIFICATE" or "X509 CERTIFICATE" => OfCertificate(body, at),
        "CERTIFICATE REQUEST" or "NEW CERTIFICATE REQUEST" => OfRequest(body),
        "ENCRYPTED PRIVATE KEY" => EncryptedKey,
        _ when label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) => OfPrivateKey(body),
        "PUBLIC KEY" => FoundObject.Of("public key", new KeyValuePair<string, string>("for", "nothing here: a public key alone proves nothing; give the certificate.")),
        "PKCS7" or "CMS" => Container,
        "X509 CRL" => FoundObject.Of("revocation list"),
        _ => FoundObject.Of($"PEM block '{label}', which is not known here"),
    };

    private FoundObject? OfDer(byte[] content, DateTimeOffset at)
    {
        if (Certificate.TryParse(content, out _, out var refusal) || refusal.Reason != CertificateRefusals.Malformed)
        {
            return OfCertificate(content, at);
        }

        // The same recognition that operators meet everywhere else.
        if (!Pem.TryReadCertificates(Convert.ToBase64String(content), out _, out var foreign))
        {
            return foreign.Reason.Number switch
            {
                var number when number == CertificateRefusals.Pkcs12Given.Number => FoundObject.Of(
                    "PKCS #12 container (.p12, .pfx)", FoundObject.Refused(foreign)),
                var number when number == CertificateRefusals.SigningRequestGiven.Number => OfRequest(content),
                var number when number == CertificateRefusals.PrivateKeyGiven.Number => OfPrivateKey(content),
                _ => IsContainer(content) ? Container : content is [0x30, > 0x7F, ..] && content.Length > 100 ? FoundObject.Of("DER that is no certificate", FoundObject.Refused(foreign)) : null,
            };
        }

        return null;
    }

    private static FoundObject Container { get; } = FoundObject.Of(
        "PKCS #7 container (.p7b, .p7c)",
        new KeyValuePair<string, string>("refused", "It is not read here. Take the certificates out: openssl pkcs7 -in FILE -inform DER -print_certs -out certificates.pem (without -inform DER for PEM)."));

    private static FoundObject EncryptedKey { get; } = FoundObject.Of(
        "private key, encrypted", new KeyValuePair<string, string>("for", "the device or the server that it belongs to, and nothing else; its certificate is what is enrolled."));

    private FoundObject OfCertificate(byte[] der, DateTimeOffset at) => Certificate.TryParse(der, out var certificate, out var refusal)
        ? describe.Run(certificate, at)
        : FoundObject.Of("certificate that cannot be used", FoundObject.Refused(refusal));

    private static FoundObject OfRequest(byte[] der)
    {
        if (!CertificateSigningRequest.TryParse(der, out var request, out var refusal))
        {
            return FoundObject.Of("signing request (CSR) that cannot be used", FoundObject.Refused(refusal));
        }

        return FoundObject.Of(
            "signing request (CSR)",
            new("subject", request.Subject.Text),
            new("key", $"{request.KeyKind} ({request.KeySize} bits)"),
            new("key SHA-256", request.KeyThumbprint.ToString()),
            new("for", $"an authority to sign; a device '{request.CommonName}' may send it to obtain its certificate. It is no certificate: nothing can be enrolled with it."));
    }

    // The kind alone is told, by the public half.
    private static FoundObject OfPrivateKey(byte[] der)
    {
        var lines = new List<KeyValuePair<string, string>>();
        if (DescribePrivateKey.KindOf(der) is var (kind, publicKey))
        {
            lines.Add(new("key", kind));
            lines.Add(new("key SHA-256", Thumbprint.Of(publicKey).ToString()));
        }

        lines.Add(new("for", "the device or the server that it belongs to, and nothing else; its certificate is what is enrolled. If it left its device, roll it."));
        return new FoundObject("private key", lines);
    }

    private static bool IsContainer(ReadOnlySpan<byte> content) =>
        content.Length > 32 && content[..32].IndexOf((ReadOnlySpan<byte>)[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]) > 0;
}
