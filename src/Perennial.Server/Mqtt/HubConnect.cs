using MQTTnet.Packets;
using Perennial.Hub.Access;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.X509;
using WireDeviceId = Perennial.Protocol.Hub.DeviceId;

namespace Perennial.Server.Mqtt;

/// <summary>A CONNECT to a hub, read.</summary>
internal sealed record HubConnect
{
    public required WireDeviceId WireId { get; init; }

    /// <summary>The module that connects, or null for the device itself.</summary>
    public string? ModuleId { get; init; }

    public required Perennial.Hub.Devices.DeviceId Id { get; init; }

    public required PresentedCredential Presented { get; init; }

    public bool IsClean { get; init; }

    public ushort KeepAlive { get; init; }

    public string? ModelId { get; init; }

    public LastWill? Will { get; init; }

    /// <summary>Reads a CONNECT whose user name was read already.</summary>
    public static bool TryRead(
        MqttConnectPacket packet,
        HubUserName userName,
        ServedHub hub,
        CertificateChain? chain,
        [NotNullWhen(true)] out HubConnect? connect,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        connect = null;
        if (!string.Equals(packet.ClientId, userName.ClientId, StringComparison.Ordinal)
            || !Perennial.Hub.Devices.DeviceId.TryParse(userName.DeviceId.Value, userName.ModuleId, out var id))
        {
            refusal = new Refusal(HubRefusals.WrongHub, $"The client id is '{packet.ClientId}', the user name is '{packet.Username}'.");
            return false;
        }

        if (!TryReadCredential(packet.Password, hub, id, chain, out var presented, out refusal))
        {
            return false;
        }

        connect = new HubConnect
        {
            WireId = userName.DeviceId,
            ModuleId = userName.ModuleId,
            Id = id,
            Presented = presented,
            IsClean = packet.CleanSession,
            KeepAlive = packet.KeepAlivePeriod,
            ModelId = userName.ModelId,
            Will = LastWill.Of(packet, userName.DeviceId, userName.ModuleId),
        };
        return true;
    }

    // A password makes it a token device, whatever certificate the handshake brought along.
    private static bool TryReadCredential(
        byte[]? password,
        ServedHub hub,
        Perennial.Hub.Devices.DeviceId id,
        CertificateChain? chain,
        [NotNullWhen(true)] out PresentedCredential? presented,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        presented = chain is null ? new PresentedCredential.Nothing() : new PresentedCredential.ByCertificate(chain);
        if (password is not { Length: > 0 })
        {
            return true;
        }

        if (!TokenReading.TryRead(Encoding.UTF8.GetString(password), hub.HostName, TokenReading.PathOf(id), out var token))
        {
            presented = null;
            refusal = new Refusal(SasRefusals.Unreadable, "The password is no shared access signature.");
            return false;
        }

        presented = new PresentedCredential.ByToken(token);
        return true;
    }
}
