using System.Security.Cryptography.X509Certificates;
using Perennial.Server.Inspection;
using Perennial.Server.Instances;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Diagnosis;

/// <summary>Every check of a deployment on this machine, told as each is done. Changes nothing.</summary>
internal sealed class CheckDeployment(Instance instance, TimeProvider time)
{
    private static readonly TimeSpan Near = TimeSpan.FromDays(30);

    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var finding in CheckFolder.Run(instance).Concat(TrustBundle()))
        {
            yield return finding;
        }

        foreach (var finding in await new CheckStorage(instance, time).RunAsync(cancellationToken))
        {
            yield return finding;
        }

        await foreach (var finding in PortsAsync(cancellationToken))
        {
            yield return finding;
        }

        foreach (var finding in await new CheckLinkedHubs(instance, time).RunAsync(cancellationToken))
        {
            yield return finding;
        }
    }

    private IEnumerable<Finding> TrustBundle()
    {
        X509Certificate2Collection roots;
        string? fault = null;
        try
        {
            roots = LocalServer.ReadRoots(instance.TrustBundle);
        }
        catch (OperatorException exception)
        {
            (roots, fault) = ([], exception.Message);
        }

        if (fault is not null)
        {
            yield return Finding.Fail("trust bundle", $"{fault} It is written anew when the server starts.");
        }

        foreach (var root in roots.Select(root => Certificate.TryParse(root.RawData, out var read, out _) ? read : null).OfType<Certificate>())
        {
            var (at, words) = (time.GetUtcNow(), $"{root}, {DescribeCertificate.Validity(root, time.GetUtcNow())}");
            yield return at > root.NotAfter || at < root.NotBefore ? Finding.Fail("trust bundle", $"{words}: clients trust nothing by it. See the clock of this machine, and bring a certificate with --tls-cert.")
                : root.NotAfter - at < Near ? Finding.Warn("trust bundle", $"{words}. Bring a certificate below another root, and give clients both before.")
                : Finding.Ok("trust bundle", words);
        }
    }

    private async IAsyncEnumerable<Finding> PortsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!File.Exists(instance.TrustBundle))
        {
            yield break;
        }

        var (ports, https) = (instance.Document.Ports, LocalServer.AddressOf(instance));
        foreach (var host in instance.HostNames)
        {
            yield return await new CheckTls(https, time).RunAsync($"HTTPS port {ports.Https}", host, cancellationToken);
        }

        foreach (var (name, port) in ((string, int)[])[("MQTT", ports.Mqtt), ("AMQP", ports.Amqp)])
        {
            yield return await new CheckTls(https.At(port), time).RunAsync($"{name} port {port}", instance.Document.Host, cancellationToken);
        }

        yield return await CheckPortal.RunAsync(https.At(ports.Portal), cancellationToken);
    }
}
