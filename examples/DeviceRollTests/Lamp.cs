using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace DeviceRollTests;

/// <summary>
/// The device under test: provisions over HTTPS, works over MQTT, and rolls its certificate by itself. It keeps the old certificate until the new
/// one has worked; a hub that says "not authorized" is answered by provisioning again.
/// </summary>
public sealed class Lamp(CloudAddress cloud, string id, X509Certificate2 certificate) : IAsyncDisposable
{
    private const string Version = "api-version=2021-06-01";

    private X509Certificate2 _certificate = certificate;
    private string? _hub;
    private IMqttClient? _client;

    /// <summary>How often the device asked the provisioning service for its hub.</summary>
    public int Provisionings { get; private set; }

    /// <summary>Connects to its hub, and provisions first when it knows none or the hub does not know its certificate.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_hub is null)
        {
            await ProvisionAsync(cancellationToken);
        }

        if (!await TryConnectAsync(cancellationToken))
        {
            await ProvisionAsync(cancellationToken);
            if (!await TryConnectAsync(cancellationToken))
            {
                throw new InvalidOperationException($"{id} is provisioned, and its hub does not take it.");
            }
        }
    }

    public async Task SendAsync(string text, CancellationToken cancellationToken)
    {
        var message = new MqttApplicationMessageBuilder()
            .WithTopic($"devices/{id}/messages/events/")
            .WithPayload(text)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
        await _client!.PublishAsync(message, cancellationToken);
    }

    /// <summary>Takes up a new certificate; when it does not work, the old one is taken up again.</summary>
    public async Task RollAsync(X509Certificate2 next, CancellationToken cancellationToken)
    {
        var old = _certificate;
        await DisconnectAsync(cancellationToken);
        _certificate = next;
        try
        {
            await ConnectAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _certificate = old;
            await ConnectAsync(cancellationToken);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await DisconnectAsync(CancellationToken.None);

    private async Task ProvisionAsync(CancellationToken cancellationToken)
    {
        Provisionings++;
        using var http = new HttpClient(HttpsHandler()) { BaseAddress = new($"https://{cloud.ProvisioningHost}:{cloud.HttpsPort}/{cloud.IdScope}/registrations/{id}/") };
        using var body = new StringContent($$"""{"registrationId":"{{id}}"}""", Encoding.UTF8, "application/json");
        using var asked = await http.PutAsync($"register?{Version}", body, cancellationToken);
        var answer = await ReadAsync(asked, cancellationToken);
        while (answer.GetProperty("status").GetString() == "assigning")
        {
            using var polled = await http.GetAsync($"operations/{answer.GetProperty("operationId").GetString()}?{Version}", cancellationToken);
            answer = await ReadAsync(polled, cancellationToken);
        }

        _hub = answer.GetProperty("registrationState").GetProperty("assignedHub").GetString();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        answer.EnsureSuccessStatusCode();
        using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        return document.RootElement.Clone();
    }

    private SocketsHttpHandler HttpsHandler() => new()
    {
        SslOptions = { ClientCertificates = [_certificate], CertificateChainPolicy = Trust() },
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(cloud.Address, cloud.HttpsPort, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        _client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(cloud.Address.ToString(), cloud.MqttPort)
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V311)
            .WithClientId(id)
            .WithCredentials($"{_hub}/{id}/?api-version=2021-04-12")
            .WithTlsOptions(tls => tls.WithTargetHost(_hub!).WithClientCertificates([_certificate]).WithTrustChain([cloud.Root]))
            .Build();
        try
        {
            var answer = await _client.ConnectAsync(options, cancellationToken);
            return answer.ResultCode == MqttClientConnectResultCode.Success;
        }
        catch (MQTTnet.Adapter.MqttConnectingFailedException)
        {
            return false;
        }
    }

    private async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        if (_client is { IsConnected: true })
        {
            await _client.DisconnectAsync(cancellationToken: cancellationToken);
        }

        _client?.Dispose();
        _client = null;
    }

    private X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { cloud.Root },
        RevocationMode = X509RevocationMode.NoCheck,
    };
}
