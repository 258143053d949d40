using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.Server.Storage;
using Perennial.X509;

namespace Perennial.Server.Mqtt;

/// <summary>Takes connections to the hubs of this process, from their CONNECT to their end.</summary>
/// <param name="hubs">The hubs.</param>
/// <param name="note">Told of each refusal and the announced id.</param>
/// <param name="logger">Where failures go.</param>
/// <param name="time">The clock.</param>
internal sealed partial class HubDoor(
    ServedHubs hubs, Action<Refusal, string> note, ILogger<HubDoor> logger, TimeProvider time) : IDeviceSession
{
    /// <summary>A refusal waits so long: a client that is refused after it was connected tries again several times a second (hub-protocol §1.2).</summary>
    public static readonly TimeSpan RefusalDelay = TimeSpan.FromSeconds(1);

    public async Task RunAsync(DeviceConnection connection, CancellationToken stopping)
    {
        var opened = await OpenAsync(connection, stopping);
        if (opened.Session is { } session)
        {
            await opened.Connection!.RunAsync(session, stopping);
            return;
        }

        if (opened.Code == MqttConnectReturnCode.ConnectionRefusedNotAuthorized)
        {
            await Task.Delay(RefusalDelay, time, stopping);
        }

        await connection.Channel.SendAsync(DeviceConnectionHandler.Answer(opened.Code), stopping);
    }

    private async Task<Opened> OpenAsync(DeviceConnection connection, CancellationToken stopping)
    {
        var packet = connection.Connect;
        if (!HubUserName.TryParse(packet.Username, out var userName) || hubs.FindByHost(userName.HostName) is not { } hub)
        {
            note(new Refusal(HubRefusals.WrongHub, $"The user name is '{packet.Username}'."), packet.ClientId);
            return new Opened(MqttConnectReturnCode.ConnectionRefusedNotAuthorized);
        }

        if (!hub.Limits.TryPass(HubOperation.Connect, out var wait))
        {
            note(LimitRefusals.Rate(HubOperation.Connect, wait), packet.ClientId);
            return new Opened(MqttConnectReturnCode.ConnectionRefusedServerUnavailable);
        }

        CertificateChain? chain = null;
        Refusal? refusal = null;
        try
        {
            if (!connection.Presented.IsEmpty && connection.Presented.TryGetChain(out chain, out refusal))
            {
                chain = await hub.Issuers.CompleteAsync(chain, stopping);
            }

            return refusal is null && HubConnect.TryRead(packet, userName, hub, chain, out var connect, out refusal)
                ? await ConnectAsync(connection.Channel, hub, connect, stopping)
                : await RefuseAsync(hub, new DeviceVerdict.Refused(packet.ClientId, Presented(chain), time.GetUtcNow(), refusal!), stopping);
        }
        catch (StorageUnavailableException)
        {
            return new Opened(MqttConnectReturnCode.ConnectionRefusedServerUnavailable);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Transient, and said so: without an answer a client would take it for a refusal.
            LogFailed(packet.ClientId, exception);
            return new Opened(MqttConnectReturnCode.ConnectionRefusedServerUnavailable);
        }
    }

    private async Task<Opened> ConnectAsync(MqttChannel channel, ServedHub hub, HubConnect connect, CancellationToken cancellationToken)
    {
        HubSession? connection = null;
        var (verdict, session) = await hub.Connect.RunAsync(
            connect.Id,
            connect.Presented,
            accepted => connection = new HubSession(hub, accepted, connect, channel, time),
            cancellationToken,
            canObtain: true);
        if (verdict is DeviceVerdict.Refused refused)
        {
            note(refused.Refusal, refused.DeviceId);
        }

        return session is null
            ? new Opened(MqttConnectReturnCode.ConnectionRefusedNotAuthorized)
            : new Opened(MqttConnectReturnCode.ConnectionAccepted, session, connection);
    }

    private async Task<Opened> RefuseAsync(ServedHub hub, DeviceVerdict.Refused verdict, CancellationToken cancellationToken)
    {
        note(verdict.Refusal, verdict.DeviceId);
        await hub.Ledger.RecordAsync(verdict, cancellationToken);
        return new Opened(MqttConnectReturnCode.ConnectionRefusedNotAuthorized);
    }

    private static PresentedCredential Presented(CertificateChain? chain) =>
        chain is null ? new PresentedCredential.Nothing() : new PresentedCredential.ByCertificate(chain);

    private sealed record Opened(MqttConnectReturnCode Code, LiveSession? Session = null, HubSession? Connection = null);
}
