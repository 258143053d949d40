using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority;
using Perennial.Authority.Keys;
using Perennial.Bench.Results;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Servers;

/// <summary>Debian's mosquitto on a free port, with TLS, demanding client certificates below one root; nothing is kept on disk.</summary>
internal static class Mosquitto
{
    public const string Host = "mosquitto.localhost";

    /// <param name="folder">For its configuration and certificate.</param>
    /// <param name="clientRoot">PEM of the root that clients' chains lead to.</param>
    public static async Task<(ChildServer Server, ServerAddress Address)> StartAsync(DirectoryInfo folder, string clientRoot)
    {
        await InstallAsync();
        using var authority = CertificateAuthority.CreateRoot(new AuthorityProfile { CommonName = "Mosquitto root" }, TimeProvider.System);
        using var issued = authority.IssueLeaf(new LeafProfile { CommonName = Host, Purpose = LeafPurpose.Server, DnsNames = [Host] });
        string In(string name) => Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(In("mosquitto-clients.pem"), clientRoot);
        await File.WriteAllTextAsync(In("mosquitto.pem"), issued.CertificatePem);
        KeyFile.Write(In("mosquitto.key"), issued.Key);
        var port = FreePort();
        await File.WriteAllTextAsync(In("mosquitto.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            user root
            log_dest none
            persistence false
            listener {port} 127.0.0.1
            cafile {In("mosquitto-clients.pem")}
            certfile {In("mosquitto.pem")}
            keyfile {In("mosquitto.key")}
            require_certificate true
            use_identity_as_username true
            max_connections -1

            """));
        var process = Process.Start("mosquitto", ["-c", In("mosquitto.conf")]);
        await WaitForAsync(process, port);
        return (new ChildServer(process), new ServerAddress(
            IPAddress.Loopback, port, port, X509CertificateLoader.LoadCertificate(authority.Certificate.Der.Span)));
    }

    private static async Task InstallAsync()
    {
        using var install = Process.Start(Path.Combine(PerformancePage.FindRoot(), "eng", "apt.sh"), ["mosquitto"]);
        await install.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task WaitForAsync(Process process, int port)
    {
        while (!process.HasExited)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }

        throw new InvalidOperationException("mosquitto ended before it listened.");
    }
}
