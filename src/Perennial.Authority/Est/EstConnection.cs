using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Perennial.Authority.Est;

/// <summary>Connections to EST servers, with the trust and the credentials of an address.</summary>
internal static class EstConnection
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    internal static HttpMessageInvoker Open(EstAddress est)
    {
        var tls = new SslClientAuthenticationOptions { CertificateRevocationCheckMode = X509RevocationMode.NoCheck };
        if (est.TrustFile is { } trust)
        {
            tls.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(trust);
        }

        if (est.CertificateFile is { } certificate)
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, est.KeyFile ?? certificate)];
        }

        return new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectLimit,
            SslOptions = tls,
        });
    }

    internal static AuthenticationHeaderValue? CredentialsOf(EstAddress est)
    {
        if (est.CredentialsFile is not { } file)
        {
            return null;
        }

        var line = File.ReadLines(file).FirstOrDefault() ?? string.Empty;
        return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(line)));
    }
}
