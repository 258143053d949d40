using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>A device that registers over HTTPS with its certificate.</summary>
internal static class ProvisioningDevice
{
    /// <summary>Registers, with the authorities below which the leaf stands.</summary>
    public static async Task RegisterAsync(
        ServedInstance served, string id, TestCertificate leaf, string? request = null, params X509Certificate2[] above)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificateContext = SslStreamCertificateContext.Create(leaf.WithKey, [.. above], offline: true),
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(served.Instance.TrustBundle) },
                },
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{served.Ports.Https}") };
        using var body = new StringContent(JsonSerializer.Serialize(new { registrationId = id, csr = request }), Encoding.UTF8, "application/json");
        using var answer = await client.PutAsync(
            $"{served.Instance.Document.IdScope}/registrations/{id}/register?api-version=2021-06-01", body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
