using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Hosting;
using Perennial.Authority;

namespace Perennial.Bench.Servers;

/// <summary>
/// What provisioning is compared with: Kestrel as it comes, with the TLS settings of our device listener, that verifies the client's chain
/// up to one root by a chain policy and answers one byte.
/// </summary>
internal static class BareServer
{
    public const string Command = "bare-server";

    public const string Host = "bare.localhost";

    public const string Ready = "port ";

    /// <param name="trusted">PEM file of the root that clients' chains lead to.</param>
    /// <param name="root">PEM file to write the root to that clients trust.</param>
    public static async Task<int> RunAsync(string trusted, string root)
    {
        using var authority = CertificateAuthority.CreateRoot(new AuthorityProfile { CommonName = "Bare root" }, TimeProvider.System);
        using var issued = authority.IssueLeaf(new LeafProfile { CommonName = Host, Purpose = LeafPurpose.Server, DnsNames = [Host] });
        await File.WriteAllTextAsync(root, authority.Own.CertificatePem);
        var tls = TlsFor(SslStreamContextOf(issued), X509CertificateLoader.LoadCertificateFromFile(trusted));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener =>
        {
            listener.UseHttps(tls);
            listener.Run(AnswerAsync);
        }));
        await using var app = builder.Build();
        await app.StartAsync();
        Console.WriteLine(Ready + new Uri(app.Urls.First()).Port);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static SslStreamCertificateContext SslStreamContextOf(IssuedCertificate issued) =>
        SslStreamCertificateContext.Create(issued.ToTlsCertificate(), null, offline: true);

    private static TlsHandshakeCallbackOptions TlsFor(SslStreamCertificateContext own, X509Certificate2 trusted) => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = own,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = true,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { trusted },
                DisableCertificateDownloads = true,
                RevocationMode = X509RevocationMode.NoCheck,
            },
        }),
    };

    private static async Task AnswerAsync(ConnectionContext connection)
    {
        var read = await connection.Transport.Input.ReadAsync();
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        await connection.Transport.Output.WriteAsync("!"u8.ToArray());
        read = await connection.Transport.Input.ReadAsync(); // The client leaves.
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
    }
}
