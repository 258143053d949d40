using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.X509;

namespace Perennial.Server.Inspection;

/// <summary>Says what a certificate is, what this service would use it for, and why it would be refused as that.</summary>
internal sealed class DescribeCertificate(ChainPolicy policy)
{
    private static readonly Dictionary<string, string> Purposes = new(StringComparer.Ordinal)
    {
        [ChainPolicyOptions.ClientAuthentication] = "client authentication",
        [ChainPolicyOptions.ServerAuthentication] = "server authentication",
        ["1.3.6.1.5.5.7.3.3"] = "code signing",
        ["1.3.6.1.5.5.7.3.4"] = "e-mail protection",
        ["1.3.6.1.5.5.7.3.8"] = "time stamping",
        ["1.3.6.1.5.5.7.3.9"] = "OCSP signing",
        ["2.5.29.37.0"] = "any",
    };

    public FoundObject Run(Certificate certificate, DateTimeOffset at)
    {
        using var loaded = X509CertificateLoader.LoadCertificate(certificate.Der.Span);
        var lines = new List<KeyValuePair<string, string>>
        {
            new("subject", certificate.Subject.Text),
            new("issuer", certificate.IsSelfIssued ? $"itself{(certificate.IsSignedBy(certificate) ? ", self-signed" : ", but not signed by its own key")}" : certificate.Issuer.Text),
            new("SHA-256", certificate.Thumbprint.ToString()),
            new("SHA-1", certificate.Sha1Thumbprint),
            new("serial", certificate.SerialNumber),
            new("valid", Validity(certificate, at)),
            new("key", KeyOf(loaded)),
            new("key SHA-256", certificate.KeyThumbprint.ToString()),
        };
        AddExtensions(lines, loaded);
        lines.Add(new("for", UseOf(certificate, loaded)));
        if (RefusalOf(certificate, loaded, at) is { } refusal)
        {
            lines.Add(FoundObject.Refused(refusal));
        }

        return new FoundObject(KindOf(certificate, loaded), lines, certificate);
    }

    /// <summary>From when to when, and how much of it is left.</summary>
    public static string Validity(Certificate certificate, DateTimeOffset at)
    {
        var words = at < certificate.NotBefore ? $"begins in {Words(certificate.NotBefore - at)}"
            : at > certificate.NotAfter ? $"expired {Words(at - certificate.NotAfter)} ago"
            : $"{Words(certificate.NotAfter - at)} left";
        return string.Create(CultureInfo.InvariantCulture, $"from {certificate.NotBefore:yyyy-MM-dd HH:mm:ss'Z'} to {certificate.NotAfter:yyyy-MM-dd HH:mm:ss'Z'}: {words}");
    }

    /// <summary>A time in the largest unit that is not tiny: days, hours or minutes.</summary>
    public static string Words(TimeSpan time)
    {
        var (count, unit) = time.TotalDays >= 2 ? (time.TotalDays, "days") : time.TotalHours >= 2 ? (time.TotalHours, "hours") : (Math.Max(0, time.TotalMinutes), "minutes");
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count):0} {unit}");
    }

    private Refusal? RefusalOf(Certificate certificate, X509Certificate2 loaded, DateTimeOffset at)
    {
        if (!certificate.IsCertificateAuthority)
        {
            return IsServers(loaded) ? null : policy.CheckLeaf(certificate, at);
        }

        return at > certificate.NotAfter ? new Refusal(CertificateRefusals.IssuerExpired, $"It expired at {certificate.NotAfter:u}.")
            : at < certificate.NotBefore ? new Refusal(CertificateRefusals.IssuerNotYetValid, $"It begins at {certificate.NotBefore:u}.")
            : null;
    }

    private static string KindOf(Certificate certificate, X509Certificate2 loaded) =>
        certificate.IsCertificateAuthority ? certificate.IsSelfIssued ? "certificate of an authority (root)" : "certificate of an authority (intermediate)"
        : IsServers(loaded) ? "certificate of a server"
        : "certificate of a device (leaf)";

    private static string UseOf(Certificate certificate, X509Certificate2 loaded)
    {
        if (certificate.IsCertificateAuthority)
        {
            return "a signing certificate: a slot of an enrollment group (perennial enrollment-group create ID --certificate FILE), "
                + "or a CA certificate of the service (perennial certificate create NAME --file FILE).";
        }

        if (IsServers(loaded))
        {
            return "a server's TLS (perennial serve --tls-cert FILE --tls-key FILE); no device may show it.";
        }

        return certificate.TryGetCommonName(out var name, out _)
            ? $"the device '{name}': a slot of its individual enrollment (perennial enrollment create {name} --certificate FILE){(certificate.IsSelfIssued ? string.Empty : ", or a member of the group of its signer")}."
            : "no device: its subject does not name one.";
    }

    private static bool IsServers(X509Certificate2 loaded)
    {
        var purposes = PurposesOf(loaded);
        return purposes.Contains(ChainPolicyOptions.ServerAuthentication, StringComparer.Ordinal) && !purposes.Contains(ChainPolicyOptions.ClientAuthentication, StringComparer.Ordinal);
    }

    private static IReadOnlyList<string> PurposesOf(X509Certificate2 loaded) =>
        [.. loaded.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(extension => extension.EnhancedKeyUsages.OfType<Oid>()).Select(oid => oid.Value!)];

    private static string KeyOf(X509Certificate2 loaded)
    {
        using var curve = loaded.GetECDsaPublicKey();
        using var rsa = loaded.GetRSAPublicKey();
        return (curve, rsa) switch
        {
            ({ } key, _) => DescribePrivateKey.CurveOf(key),
            (_, { } key) => string.Create(CultureInfo.InvariantCulture, $"RSA {key.KeySize} bits"),
            _ => $"algorithm {loaded.PublicKey.Oid.Value}",
        };
    }

    private static void AddExtensions(List<KeyValuePair<string, string>> lines, X509Certificate2 loaded)
    {
        foreach (var basic in loaded.Extensions.OfType<X509BasicConstraintsExtension>().Where(basic => basic.CertificateAuthority))
        {
            lines.Add(new("authority", basic.HasPathLengthConstraint ? $"yes, with at most {basic.PathLengthConstraint} authorities below" : "yes"));
        }

        foreach (var usage in loaded.Extensions.OfType<X509KeyUsageExtension>())
        {
            lines.Add(new("usage", $"{usage.KeyUsages}"));
        }

        if (PurposesOf(loaded) is { Count: > 0 } purposes)
        {
            lines.Add(new("purposes", string.Join(", ", purposes.Select(purpose => Purposes.GetValueOrDefault(purpose, purpose)))));
        }

        foreach (var names in loaded.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            lines.Add(new("names", string.Join(", ", names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))));
        }
    }
}
