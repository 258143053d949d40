using System.Globalization;
using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>Reads the file that an operator picks for a slot. What does not belong there is refused with a sentence that says what it is, and what is wanted.</summary>
public static class CertificateFile
{
    /// <summary>Larger files are not read.</summary>
    public const int MaxLength = 128 * 1024;

    /// <param name="content">The bytes of the file: PEM or DER, one certificate or a chain.</param>
    /// <param name="key">The enrollment, which decides what is wanted.</param>
    /// <param name="other">The certificate in the other slot; null for none.</param>
    /// <param name="now">The moment at which it must not be over.</param>
    /// <param name="certificate">The one certificate of the file that is meant.</param>
    /// <param name="fault">What the file is, and what is wanted.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> content,
        EnrollmentKey key,
        Certificate? other,
        DateTimeOffset now,
        [NotNullWhen(true)] out Certificate? certificate,
        [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(key);
        certificate = null;
        if (content.Length is 0 or > MaxLength)
        {
            fault = content.Length == 0
                ? $"The file is empty. {Wanted(key)}"
                : $"The file has {content.Length.ToString("N0", CultureInfo.InvariantCulture)} bytes, which is no certificate: the most is {MaxLength / 1024} kB. {Wanted(key)}";
            return false;
        }

        if (!TryReadAll(content, out var certificates, out var refusal))
        {
            fault = $"{What(refusal)} {Wanted(key)}";
            return false;
        }

        return TryChoose(certificates, key, out certificate, out fault) && Fits(certificate, key, other, now, out fault);
    }

    private static bool TryReadAll(
        ReadOnlySpan<byte> content, [NotNullWhen(true)] out IReadOnlyList<Certificate>? certificates, [NotNullWhen(false)] out Refusal? refusal)
    {
        // What does not look like text is taken for DER.
        var isText = content.IndexOf("-----BEGIN "u8) >= 0 || content[0] != 0x30;
        return Pem.TryReadCertificates(isText ? System.Text.Encoding.UTF8.GetString(content) : Convert.ToBase64String(content), out certificates, out refusal);
    }

    private static string What(Refusal refusal) =>
        refusal.Reason == CertificateRefusals.PrivateKeyGiven
            ? "This is a private key. It was not kept, and it belongs on the device alone."
        : refusal.Reason == CertificateRefusals.SigningRequestGiven
            ? "This is a certificate request (CSR), which no authority has signed yet."
        : refusal.Reason == CertificateRefusals.NoCertificate
            ? "This file holds no certificate."
        : $"{refusal.Reason.Title} {refusal.Detail}";

    private static bool TryChoose(
        IReadOnlyList<Certificate> certificates, EnrollmentKey key, [NotNullWhen(true)] out Certificate? certificate, [NotNullWhen(false)] out string? fault)
    {
        var isGroup = key.Kind == EnrollmentKind.Group;
        var fitting = certificates.Where(each => each.IsCertificateAuthority == isGroup).DistinctBy(each => each.Thumbprint).ToList();
        // Of a chain for a group, the signing certificate nearest to the devices is meant.
        certificate = fitting.Count == 1 || (isGroup && fitting.Count > 0) ? fitting[0] : null;
        fault = certificate is not null ? null
            : fitting.Count > 1 ? $"This file holds {fitting.Count} certificates of devices, and it cannot be known which is meant. {Wanted(key)}"
            : isGroup ? $"This is the certificate of a device, '{certificates[0].Subject.Text}', which signs no others. {Wanted(key)}"
            : $"This is the certificate of an authority (CA), '{certificates[0].Subject.Text}'. {Wanted(key)}";
        return certificate is not null;
    }

    private static bool Fits(Certificate certificate, EnrollmentKey key, Certificate? other, DateTimeOffset now, [NotNullWhen(false)] out string? fault)
    {
        fault = NameFault(certificate, key);
        if (fault is null && certificate.NotAfter <= now)
        {
            fault = $"This certificate is over: it ended on {certificate.NotAfter.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}. {Wanted(key)}";
        }
        else if (fault is null && other is not null && certificate.Thumbprint == other.Thumbprint)
        {
            fault = "This certificate stands in the other slot already, and the same one twice protects nothing. Pick the one that is to replace it, or leave this slot empty.";
        }

        return fault is null;
    }

    private static string? NameFault(Certificate certificate, EnrollmentKey key)
    {
        if (key.Kind == EnrollmentKind.Group)
        {
            return null;
        }

        if (!certificate.TryGetCommonName(out var name, out var refusal))
        {
            return $"{refusal.Reason.Title} {Wanted(key)}";
        }

        return string.Equals(name.Value, key.Id, StringComparison.OrdinalIgnoreCase)
            ? null
            : $"This is the certificate of '{name.Value}': its common name is not the registration id '{key.Id}'. {Wanted(key)}";
    }

    private static string Wanted(EnrollmentKey key) => key.Kind == EnrollmentKind.Group
        ? "Wanted is the signing certificate (CA) above the devices' certificates, as PEM or DER."
        : $"Wanted is the certificate of the device itself, with the common name '{key.Id}', as PEM or DER.";
}
