using Perennial.Protocol.Sas;
using Perennial.Server.Remote;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Server.Sandbox.Operator;

/// <summary>Sends an operator's requests to one host name, wherever that resolves, each with a token made for it by the service's clock.</summary>
internal static class OperatorHandler
{
    public static HttpClient CreateClient(ServerAddress server, string connectionString, TimeProvider time)
    {
        if (!ConnectionString.TryParse(connectionString, out var access) || !access.HasKey)
        {
            throw new ArgumentException("The connection string names no host or no key.", nameof(connectionString));
        }

        return new HttpClient(new TokenHandler(new ServiceAddress(server.Https, [server.Root]), access, time))
        {
            BaseAddress = new UriBuilder(Uri.UriSchemeHttps, access.Host, server.Https.Port).Uri,
        };
    }
}
