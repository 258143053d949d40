using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Perennial.Agent.Credentials;
using Perennial.X509;

namespace Perennial.Agent.Connections;

/// <summary>Which servers are believed: those whose certificate bears the name that was called and chains to the trust bundle.</summary>
internal sealed class ServerTrust
{
    private readonly X509Certificate2Collection _roots;
    private readonly TimeProvider _clock;

    private ServerTrust(X509Certificate2Collection roots, TimeProvider clock)
    {
        _roots = roots;
        _clock = clock;
    }

    public static ServerTrust Read(string path, TimeProvider clock)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"The trust bundle {path} cannot be read: {exception.Message} 'perennial info' shows where the service keeps it.", exception);
        }

        if (!Pem.TryReadCertificates(text, out var certificates, out var refusal))
        {
            throw new AgentException($"The trust bundle {path}: {refusal.Reason.Number} {refusal.Detail}");
        }

        return new([.. certificates.Select(root => X509CertificateLoader.LoadCertificate(root.Der.Span))], clock);
    }

    /// <param name="host">The name that is called.</param>
    /// <param name="credential">What the device proves itself by; null for nothing.</param>
    /// <param name="verdict">Told why the server is not believed.</param>
    public SslClientAuthenticationOptions OptionsFor(string host, ClientCredential? credential, ServerVerdict verdict)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = false,
            VerificationTime = _clock.GetUtcNow().LocalDateTime,
        };
        policy.CustomTrustStore.AddRange(_roots);
        return new()
        {
            TargetHost = host,
            ClientCertificateContext = credential?.Tls,
            AllowTlsResume = false,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => verdict.Judge(certificate, chain, errors),
        };
    }
}
