using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Perennial.Protocol.Sas;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>Asks a served instance over HTTPS, as a back end with the owner's key or as a device with a certificate.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string? _token;

    public ServiceClient(ServedInstance instance, TestCertificate? leaf = null, Version? version = null, string? token = null, IReadOnlyList<TestAuthority>? issuers = null)
    {
        var policy = instance.Instance.Policies.Provisioning[0];
        _token = token is not null || leaf is null
            ? token ?? SharedAccessSignature.Create("localhost", Convert.FromBase64String(policy.PrimaryKey), DateTimeOffset.MaxValue, policy.Name)
            : null;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = leaf is null ? null : SslStreamCertificateContext.Create(leaf.WithKey, [.. (issuers ?? []).Select(issuer => issuer.Own.WithKey)], offline: true),
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(instance.Instance.TrustBundle) },
                },
            },
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://localhost:{instance.Ports.Https}"),
            DefaultRequestVersion = version ?? HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public async Task<(int Status, HttpResponseHeaders Headers, JsonElement Body)> AskAsync(
        HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (_token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", _token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone();
        Assert.True(text.Length == 0 || response.Content.Headers.ContentType!.ToString() == "application/json; charset=utf-8");
        return ((int)response.StatusCode, response.Headers, json);
    }

    /// <summary>A body that is not JSON.</summary>
    public async Task<string> ReadTextAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", _token);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The JSON of an individual enrollment with this leaf in the primary slot.</summary>
    public static string Enrollment(string id, TestCertificate leaf, string? etag = null) => JsonSerializer.Serialize(new
    {
        registrationId = id,
        etag,
        attestation = new { type = "x509", x509 = new { clientCertificates = new { primary = new { certificate = leaf.CertificatePem } } } },
    });

    public void Dispose() => _http.Dispose();
}
