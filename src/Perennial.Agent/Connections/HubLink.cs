using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using Perennial.Agent.Configuration;
using Perennial.Agent.Credentials;
using Perennial.Protocol;

namespace Perennial.Agent.Connections;

/// <summary>Connects to the hub over MQTT and TLS. What the hub's CONNACK says decides whether a credential works. Source: hub-protocol §1.</summary>
internal sealed class HubLink(AgentConfiguration configuration, ServerTrust trust)
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="ExchangeException">The hub could not be reached, is not believed, or refuses the credential.</exception>
    public async Task<HubConnection> ConnectAsync(string hub, string deviceId, ClientCredential credential, CancellationToken cancellationToken)
    {
        var channel = new TlsChannel(hub, configuration.Hub.Port, credential, trust);
        var client = new MqttClientFactory().CreateMqttClient(new TlsAdapterFactory(channel));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var connection = new HubConnection(client, deviceId);
            var result = await client.ConnectAsync(OptionsFor(hub, deviceId), limit.Token);
            Judge(result.ResultCode, hub);
            return connection;
        }
        catch (Exception exception)
        {
            client.Dispose();
            channel.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw Translate(exception, hub);
        }
    }

    // The session is kept: another program of the device may rely on what it subscribed to.
    private static MqttClientOptions OptionsFor(string hub, string deviceId) => new()
    {
        ProtocolVersion = MqttProtocolVersion.V311,
        ClientId = deviceId,
        Credentials = new MqttClientCredentials($"{hub}/{deviceId}/?{ApiVersion.Parameter}={ApiVersion.HubCertificates}&DeviceClientType={AgentVersion.UserAgent}"),
        CleanSession = false,
        KeepAlivePeriod = KeepAlive,
        ChannelOptions = new TlsChannelOptions(),
        ValidateFeatures = false,
        TryPrivate = false,
    };

    private static void Judge(MqttClientConnectResultCode code, string hub)
    {
        if (code == MqttClientConnectResultCode.Success)
        {
            return;
        }

        throw code is MqttClientConnectResultCode.NotAuthorized or MqttClientConnectResultCode.BadUserNameOrPassword
            or MqttClientConnectResultCode.ClientIdentifierNotValid
            ? new ExchangeException(FailureKind.Unauthorized, $"the hub {hub} does not accept the certificate ({code})")
            : new ExchangeException(FailureKind.Unavailable, $"the hub {hub} is not available ({code})");
    }

    private static ExchangeException Translate(Exception exception, string hub) => exception switch
    {
        ExchangeException known => known,
        _ when exception.InnerException is ExchangeException known => known,
        OperationCanceledException => new(FailureKind.Unavailable, $"the hub {hub} does not answer", null, exception),
        MqttCommunicationException => new(FailureKind.Unavailable, $"the hub {hub} ended the connection: {exception.Message}", null, exception),
        _ => new(FailureKind.Unavailable, $"the hub {hub}: {exception.Message}", null, exception),
    };
}
