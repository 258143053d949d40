using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Protocol.Sas;
using Perennial.Server.Instances;

namespace Perennial.Server.Remote;

/// <summary>The server that runs on a data folder of this machine.</summary>
internal static class LocalServer
{
    /// <exception cref="OperatorException">The folder holds no instance, or may not be read.</exception>
    public static ServiceConnection Connect(string dataFolder, TimeProvider time)
    {
        try
        {
            using var instance = Instance.Read(dataFolder);
            var summary = instance.Summarise();
            return new ServiceConnection(
                AddressOf(instance),
                Parse(summary.ProvisioningConnectionString),
                summary.Hubs.ToDictionary(hub => hub.Name, hub => Parse(hub.ConnectionString), StringComparer.OrdinalIgnoreCase),
                time);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new OperatorException($"the data folder {dataFolder} may not be read by this user: {exception.Message}", exception);
        }
    }

    /// <summary>Where the instance serves HTTPS, seen from its own machine.</summary>
    public static ServiceAddress AddressOf(Instance instance)
    {
        var bound = instance.Document.Bind is { } bind ? IPAddress.Parse(bind) : IPAddress.Loopback;
        var address = bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;
        return new ServiceAddress(new IPEndPoint(address, instance.Document.Ports.Https), ReadRoots(instance.TrustBundle));
    }

    /// <summary>The certificates of a trust bundle.</summary>
    public static X509Certificate2Collection ReadRoots(string file)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"the trust bundle {file} cannot be read: {exception.Message}", exception);
        }

        return roots.Count > 0 ? roots : throw new OperatorException($"the trust bundle {file} holds no certificate (BEGIN CERTIFICATE).");
    }

    private static ConnectionString Parse(string text) => ConnectionString.TryParse(text, out var read)
        ? read
        : throw new InvalidOperationException("An instance wrote a connection string that cannot be read.");
}
