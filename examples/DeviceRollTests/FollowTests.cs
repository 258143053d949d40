using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using FollowOffers;
using MQTTnet;
using Perennial.Testing;

namespace DeviceRollTests;

/// <summary>The thirty lines of examples/FollowOffers as devices of a roll.</summary>
public sealed class FollowTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("desiredProperty")]
    [InlineData("method")]
    public async Task A_device_that_is_told_moves_and_the_roll_is_completed(string offer)
    {
        await using var perennial = await PerennialHost.StartAsync(cancellationToken: Stop);
        using var first = perennial.IssueDevice("lamp-1");
        using var second = perennial.IssueDevice("lamp-1");
        await perennial.EnrollAsync("lamp-1", first.Leaf, second.Leaf, Stop);
        var cloud = new CloudAddress(
            perennial.ProvisioningHostName, perennial.IdScope, perennial.Address, perennial.HttpsPort, perennial.MqttPort, perennial.Root);
        await using (var lamp = new Lamp(cloud, "lamp-1", first.Leaf))
        {
            await lamp.ConnectAsync(Stop); // provisions
        }

        var rolled = new TaskCompletionSource<IMqttClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var client = await Follow.ConnectAsync(leaf => OptionsFor(perennial, leaf), first.Leaf, second.Leaf, rolled.SetResult);
        using var http = Operator(perennial);
        await DemandAsync(http, HttpMethod.Put, "/rolls/spring", $$"""{"registrationIds":["lamp-1"],"plan":{"offer":"{{offer}}","offerWindowSeconds":1} }""");
        await DemandAsync(http, HttpMethod.Post, "/rolls/spring/start", """{"withoutRehearsal":"a test"}""");

        using var moved = await rolled.Task.WaitAsync(TimeSpan.FromSeconds(60), Stop);
        while ((await DemandAsync(http, HttpMethod.Get, "/rolls/spring")).GetProperty("state").GetString() != "completed")
        {
            await Task.Delay(100, Stop);
        }

        Assert.True(moved.IsConnected);
        await using var old = new Lamp(cloud, "lamp-1", first.Leaf);
        await Assert.ThrowsAsync<HttpRequestException>(() => old.ConnectAsync(Stop));
    }

    private static MqttClientOptions OptionsFor(PerennialHost perennial, X509Certificate2 leaf) => new MqttClientOptionsBuilder()
        .WithTcpServer(perennial.Address.ToString(), perennial.MqttPort)
        .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V311)
        .WithClientId("lamp-1")
        .WithCredentials($"{perennial.Hub.HostName}/lamp-1/?api-version=2021-04-12")
        .WithTlsOptions(tls => tls.WithTargetHost(perennial.Hub.HostName).WithClientCertificates([leaf]).WithTrustChain([perennial.Root]))
        .Build();

    private static HttpClient Operator(PerennialHost perennial)
    {
        var handler = new SocketsHttpHandler();
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
        var fields = perennial.ProvisioningConnectionString.Split(';').Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
        var (resource, expiry) = (Uri.EscapeDataString(fields["HostName"]), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds());
        var signature = HMACSHA256.HashData(Convert.FromBase64String(fields["SharedAccessKey"]), Encoding.UTF8.GetBytes($"{resource}\n{expiry}"));
        var http = new HttpClient(handler) { BaseAddress = new($"https://{perennial.ProvisioningHostName}:{perennial.HttpsPort}") };
        http.DefaultRequestHeaders.TryAddWithoutValidation(
            "Authorization", $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn={fields["SharedAccessKeyName"]}");
        return http;
    }

    private static async Task<JsonElement> DemandAsync(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{path}?api-version=2021-10-01");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }
}
