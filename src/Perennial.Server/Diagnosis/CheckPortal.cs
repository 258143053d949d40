using System.Globalization;
using System.Net.Sockets;
using Perennial.Server.Remote;

namespace Perennial.Server.Diagnosis;

/// <summary>The portal's port: does the server say that it is ready.</summary>
internal static class CheckPortal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Finding> RunAsync(ServiceAddress address, CancellationToken cancellationToken)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"portal port {address.Port}");
        using var client = new HttpClient(address.CreateHandler()) { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new UriBuilder(Uri.UriSchemeHttp, "localhost", address.Port, "/healthz/ready").Uri, cancellationToken);
            return answer.IsSuccessStatusCode
                ? Finding.Ok(subject, "the server is ready")
                : Finding.Fail(subject, $"the server is not ready ({(int)answer.StatusCode}): its database does not answer. See its log.");
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Finding.Fail(subject, $"{address} does not answer: {exception.GetBaseException().Message.TrimEnd('.')}. Is the server running (perennial serve)?");
        }
    }
}
