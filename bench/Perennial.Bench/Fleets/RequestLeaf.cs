using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority;
using Perennial.Authority.Keys;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Remote;
using Perennial.Server.Sandbox.Fleet;
using Perennial.X509;

namespace Perennial.Bench.Fleets;

/// <summary>A device asks the provisioning service over HTTPS for its next leaf: a registration with a signing request, by what it holds.</summary>
internal sealed class RequestLeaf(FleetSurroundings surroundings)
{
    private const string Version = $"{ApiVersion.Parameter}={ApiVersion.ProvisioningCertificates}";

    /// <returns>Null when the service is away or busy, or still at it.</returns>
    public async Task<DeviceCredential?> TryAsync(string id, DeviceCredential presented, ECDsa key, CancellationToken cancellationToken)
    {
        using var handler = new ServiceAddress(surroundings.Server.Https, [surroundings.Server.Root]).CreateHandler();
        handler.SslOptions.ClientCertificateContext = presented.Context;
        using var http = new HttpClient(handler) { Timeout = DeviceLink.Patience };
        var target = new UriBuilder(
            Uri.UriSchemeHttps, surroundings.ProvisioningHost, surroundings.Server.Https.Port, $"{surroundings.IdScope}/registrations/{id}/register", $"?{Version}").Uri;
        using var body = new ByteArrayContent(WireJson.ToUtf8(new RegistrationRequest { RegistrationId = id, Csr = Convert.ToBase64String(Sign(id, key)) }));
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(WireJson.ContentType);
        try
        {
            using var answer = await http.PutAsync(target, body, cancellationToken);
            var content = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            return WireJson.TryParse(content, out RegistrationOperationStatus? status) && status.RegistrationState?.IssuedCertificateChain is { } chain
                ? Join([.. chain.Select(Read)], key)
                : Refused(answer);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>A signing request for the name.</summary>
    public static byte[] Sign(string id, ECDsa key) => new CertificateRequest($"CN={id}", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    /// <summary>What was issued, with its key; the root is not sent along.</summary>
    public static DeviceCredential Join(IReadOnlyList<Certificate> chain, ECDsa key) =>
        new(new IssuedCertificate(chain[0], PrivateKey.FromPem(key.ExportPkcs8PrivateKeyPem())), [.. chain.Skip(1).Where(above => !above.IsSelfIssued)]);

    private DeviceCredential? Refused(HttpResponseMessage answer)
    {
        if ((int)answer.StatusCode is >= 400 and < 500 and not 429)
        {
            surroundings.Refusals.Add($"signing request: {(int)answer.StatusCode}");
        }

        return null;
    }

    private static Certificate Read(string der) => Certificate.TryParse(Convert.FromBase64String(der), out var certificate, out var refusal)
        ? certificate
        : throw new InvalidDataException(refusal.Detail);
}
