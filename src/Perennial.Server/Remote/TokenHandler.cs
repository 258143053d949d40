using Perennial.Protocol.Sas;

namespace Perennial.Server.Remote;

/// <summary>Sends a token of a shared access policy with each request, made when it is sent.</summary>
internal sealed class TokenHandler(ServiceAddress address, ConnectionString access, TimeProvider time) : DelegatingHandler(address.CreateHandler())
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Authorization", access.CreateToken(time.GetUtcNow() + TokenLife));
        return base.SendAsync(request, cancellationToken);
    }
}
