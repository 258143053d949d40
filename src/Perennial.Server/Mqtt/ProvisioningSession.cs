using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Connections;
using Perennial.Server.Http;
using Perennial.Server.Instances;
using Perennial.X509;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Mqtt;

/// <summary>Connections of the provisioning service: register, poll, and nothing else (dps-protocol §1).</summary>
internal sealed class ProvisioningSession(string idScope, FirstReply firstReply, AnswerDevice answers, RefusalLedger refusals, TimeProvider time)
    : IDeviceSession
{
    // One client sends no keep-alive and no ping while it waits between polls.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    public async Task RunAsync(DeviceConnection connection, CancellationToken stopping)
    {
        var (channel, connect) = (connection.Channel, connection.Connect);
        if (!TryAnnounce(connect, out var announced, out var code))
        {
            await channel.SendAsync(DeviceConnectionHandler.Answer(code), stopping);
            return;
        }

        using var watch = new KeepAliveWatch(channel, KeepAliveWatch.LimitOf(connect.KeepAlivePeriod, LongestSilence), time);
        await channel.SendAsync(DeviceConnectionHandler.Answer(MqttConnectReturnCode.ConnectionAccepted), stopping);
        var conversation = new ProvisioningConversation(connection, announced, firstReply, answers);
        while (await channel.ReceiveAsync(stopping) is { } packet && await conversation.TakeAsync(packet, stopping))
        {
            // Each packet is answered before the next is read.
        }
    }

    private bool TryAnnounce(MqttConnectPacket connect, [NotNullWhen(true)] out RegistrationId? announced, out MqttConnectReturnCode code)
    {
        announced = null;
        code = MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword;
        if (!ProvisioningUserName.TryParse(connect.Username, out var userName)
            || !RegistrationId.TryParse(userName.RegistrationId.Value, out var id))
        {
            return Refuse(ConnectionRefusals.MalformedUserName, "The user name of the provisioning service cannot be read.", connect.ClientId);
        }

        if (!string.Equals(userName.IdScope, idScope, StringComparison.OrdinalIgnoreCase))
        {
            code = MqttConnectReturnCode.ConnectionRefusedServerUnavailable;
            return Refuse(ConnectionRefusals.UnknownIdScope, $"The device names '{userName.IdScope}', this is '{idScope}'.", id.Value);
        }

        if (!string.Equals(connect.ClientId, id.Value, StringComparison.OrdinalIgnoreCase))
        {
            code = MqttConnectReturnCode.ConnectionRefusedIdentifierRejected;
            return Refuse(ConnectionRefusals.ClientIdMismatch, $"The client id is '{connect.ClientId}', the user name says '{id}'.", id.Value);
        }

        announced = id;
        return true;
    }

    private bool Refuse(RefusalReason reason, string detail, string device)
    {
        refusals.Note(new Refusal(reason, detail), device);
        return false;
    }
}
