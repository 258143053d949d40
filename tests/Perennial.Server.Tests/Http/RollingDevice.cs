using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>A device on a hub by a plain MQTT client: it reads and reports its twin, and answers methods.</summary>
internal sealed class RollingDevice : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<(string Topic, JsonElement Body)> _heard = Channel.CreateUnbounded<(string, JsonElement)>();

    private RollingDevice() => _client.ApplicationMessageReceivedAsync += async heard =>
    {
        var body = heard.ApplicationMessage.Payload.ToArray();
        await _heard.Writer.WriteAsync((heard.ApplicationMessage.Topic, body.Length == 0 ? default : JsonElement.Parse(body)));
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<RollingDevice> ConnectAsync(DeviceEndpoint server, string id, TestCertificate leaf)
    {
        var device = new RollingDevice();
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(server.TrustBundle);
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer("localhost", server.MqttPort)
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V311)
            .WithClientId(id)
            .WithCredentials($"localhost/{id}/?api-version=2021-04-12")
            .WithTlsOptions(tls => tls.WithClientCertificates([leaf.WithKey]).WithCertificateValidationHandler(peer =>
            {
                using var chain = new X509Chain { ChainPolicy = policy.Clone() };
                return chain.Build(new X509Certificate2(peer.Certificate));
            }))
            .Build();
        Assert.Equal(MqttClientConnectResultCode.Success, (await device._client.ConnectAsync(options, Stop)).ResultCode);
        foreach (var filter in new[] { "$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#", "$iothub/methods/POST/#" })
        {
            await device._client.SubscribeAsync(filter, MqttQualityOfServiceLevel.AtLeastOnce, Stop);
        }

        return device;
    }

    /// <summary>Merges into its reported properties.</summary>
    public async Task ReportAsync(string body)
    {
        await _client.PublishStringAsync("$iothub/twin/PATCH/properties/reported/?$rid=1", body, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: Stop);
        Assert.StartsWith("$iothub/twin/res/204/", (await NextAsync("$iothub/twin/res/")).Topic, StringComparison.Ordinal);
    }

    /// <summary>Answers a method.</summary>
    /// <param name="topic">The topic on which it was called.</param>
    /// <param name="status">The answer.</param>
    public Task AnswerAsync(string topic, int status) =>
        _client.PublishStringAsync($"$iothub/methods/res/{status}/{topic[topic.IndexOf('?', StringComparison.Ordinal)..]}", "{}", MqttQualityOfServiceLevel.AtMostOnce, cancellationToken: Stop);

    /// <summary>The next message on a topic that begins so; others are passed over.</summary>
    public async Task<(string Topic, JsonElement Body)> NextAsync(string start)
    {
        while (true)
        {
            var heard = await _heard.Reader.ReadAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop);
            if (heard.Topic.StartsWith(start, StringComparison.Ordinal))
            {
                return heard;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync();
        _client.Dispose();
    }
}
