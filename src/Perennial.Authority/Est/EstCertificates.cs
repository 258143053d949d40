using System.Diagnostics.CodeAnalysis;
using System.Text;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Security.Certificates;
using Perennial.X509;

namespace Perennial.Authority.Est;

/// <summary>Reads the certificates of an EST answer: a certs-only CMS message in base64.</summary>
internal static class EstCertificates
{
    private const int Most = 32;

    internal static bool TryRead(
        byte[] body, [NotNullWhen(true)] out IReadOnlyList<Certificate>? certificates, [NotNullWhen(false)] out string? fault)
    {
        certificates = null;
        try
        {
            var message = new CmsSignedData(Convert.FromBase64String(Encoding.ASCII.GetString(body)));
            var found = new List<Certificate>();
            foreach (var read in message.GetCertificates().EnumerateMatches(null).Take(Most))
            {
                if (!Certificate.TryParse(read.GetEncoded(), out var certificate, out var refusal))
                {
                    fault = refusal.Detail;
                    return false;
                }

                found.Add(certificate);
            }

            certificates = found.Count > 0 ? found : null;
            fault = certificates is null ? "there is none." : null;
            return certificates is not null;
        }
        catch (Exception exception) when (exception is CmsException or CertificateException or FormatException or IOException or ArgumentException or InvalidCastException)
        {
            fault = exception.Message;
            return false;
        }
    }
}
