using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Server.Instances;

namespace Perennial.Server.Hubs;

/// <summary>The ways out of this process: no redirects, no proxies, no cookies, every time and size bounded.</summary>
internal static class OutgoingHttp
{
    /// <summary>The longest headers of an answer, in KB.</summary>
    public const int MaxHeaders = 32;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(5);

    /// <summary>To hubs that the operator of the server linked.</summary>
    public static HttpMessageInvoker ToHubs(OutgoingTrust trust) => new(Handler(trust, connectionsPerServer: 32));

    /// <summary>To addresses that stand in enrollments: each connection goes to an allowed address only.</summary>
    public static HttpMessageInvoker ToWebhooks(OutgoingTrust trust, OutgoingAddresses addresses)
    {
        var handler = Handler(trust, connectionsPerServer: 64);
        handler.ConnectCallback = (context, cancellationToken) =>
            addresses.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
        return new HttpMessageInvoker(handler);
    }

    /// <summary>To the OpenID provider that the operator of the server named.</summary>
    public static HttpMessageHandler ToProvider(OutgoingTrust trust) => Handler(trust, connectionsPerServer: 4);

    /// <summary>Reads the roots that are trusted beside the operating system's.</summary>
    public static OutgoingTrust Trust(string? pemFile)
    {
        if (pemFile is null)
        {
            return new OutgoingTrust(null);
        }

        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(pemFile);
            return new OutgoingTrust(roots);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new OperatorException($"the roots of --outgoing-trust cannot be read from {pemFile}: {exception.Message}", exception);
        }
    }

    private static SocketsHttpHandler Handler(OutgoingTrust trust, int connectionsPerServer) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectLimit,
        PooledConnectionLifetime = ConnectionLife,
        MaxConnectionsPerServer = connectionsPerServer,
        MaxResponseHeadersLength = MaxHeaders,
        SslOptions = trust.Options,
    };
}
