using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Perennial.Testing;

namespace DeviceRollTests;

/// <summary>Devices with symmetric keys: what a factory puts into them is what the service takes.</summary>
public sealed class KeyTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_is_provisioned_with_either_key_of_its_enrollment_and_with_no_other()
    {
        await using var perennial = await PerennialHost.StartAsync(cancellationToken: Stop);
        var keys = await perennial.EnrollWithKeysAsync("pump-1", Stop);
        var others = await perennial.EnrollWithKeysAsync("pump-2", Stop);

        Assert.NotEqual(keys.Primary, keys.Secondary);
        Assert.Equal("assigned", await RegisterAsync(perennial, "pump-1", keys.Primary));
        Assert.Equal("assigned", await RegisterAsync(perennial, "pump-1", keys.Secondary));
        Assert.Equal("401", await RegisterAsync(perennial, "pump-1", others.Primary));
    }

    [Fact]
    public async Task A_device_of_a_group_is_provisioned_with_its_derived_keys_and_never_with_the_groups_own()
    {
        await using var perennial = await PerennialHost.StartAsync(cancellationToken: Stop);
        var group = await perennial.EnrollGroupWithKeysAsync("pumps", Stop);
        var derived = group.DeriveFor("pump-7");

        Assert.Equal("assigned", await RegisterAsync(perennial, "pump-7", derived.Primary));
        Assert.Equal("assigned", await RegisterAsync(perennial, "pump-7", derived.Secondary));
        Assert.Equal("401", await RegisterAsync(perennial, "pump-8", derived.Primary));
        Assert.Equal("401", await RegisterAsync(perennial, "pump-7", group.Primary));
    }

    /// <summary>Registers as a device does that has a key; the status of the registration, or of the refusal.</summary>
    private static async Task<string?> RegisterAsync(PerennialHost perennial, string id, string key)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { perennial.Root },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(perennial.Address, perennial.HttpsPort, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var http = new HttpClient(handler);
        var path = $"{perennial.IdScope}/registrations/{id}";
        using var request = new HttpRequestMessage(
            HttpMethod.Put, $"https://{perennial.ProvisioningHostName}:{perennial.HttpsPort}/{path}/register?api-version=2021-06-01");
        request.Headers.TryAddWithoutValidation("Authorization", Token(path, key));
        request.Content = new StringContent($$"""{"registrationId":"{{id}}"}""", Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Stop);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop));
        return answer.IsSuccessStatusCode ? document.RootElement.GetProperty("status").GetString() : $"{(int)answer.StatusCode}";
    }

    private static string Token(string resource, string key)
    {
        var (name, expiry) = (Uri.EscapeDataString(resource), TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds());
        var signature = HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes($"{name}\n{expiry}"));
        return $"SharedAccessSignature sr={name}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn=registration";
    }
}
