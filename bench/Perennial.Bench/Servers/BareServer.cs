using System.Globalization;
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
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Servers;

/// <summary>
/// What provisioning is compared with: Kestrel as it comes, with the TLS settings of our device listener, that verifies the client's chain
/// up to one root by a chain policy and answers one byte; to MQTT packets it answers what acknowledges them, and keeps nothing.
/// </summary>
internal static class BareServer
{
    public const string Command = "bare-server";

    public const string Host = "bare.localhost";

    public const string Ready = "port ";

    /// <summary>Starts one in a process of its own.</summary>
    /// <param name="folder">For its root and the clients'.</param>
    /// <param name="clientRoot">PEM of the root that clients' chains lead to.</param>
    public static async Task<(ChildServer Server, ServerAddress Address)> StartAsync(DirectoryInfo folder, string clientRoot)
    {
        var (trusted, root) = (Path.Combine(folder.FullName, "fleet-root.pem"), Path.Combine(folder.FullName, "bare-root.pem"));
        await File.WriteAllTextAsync(trusted, clientRoot);
        var (server, line) = await ChildServer.StartAsync("Perennial.Bench.dll", Ready, Command, trusted, root);
        var port = int.Parse(line.AsSpan(Ready.Length), CultureInfo.InvariantCulture);
        return (server, new ServerAddress(IPAddress.Loopback, port, port, X509CertificateLoader.LoadCertificateFromFile(root)));
    }

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
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        while (true)
        {
            var read = await input.ReadAsync();
            if (read.IsCompleted)
            {
                return;
            }

            var answer = BareMqtt.Answer(read.Buffer);
            input.AdvanceTo(read.Buffer.End);
            await output.WriteAsync(answer);
        }
    }
}
