using System.Globalization;
using Perennial.Bench.Servers;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Exchanges;

/// <summary>The beginning of a provisioning over MQTT, to see what its parts cost.</summary>
internal sealed class HandshakeExchange(PerennialServer server)
{
    /// <summary>A handshake, then goodbye.</summary>
    public async Task ShakeHandsAsync(Applicant applicant)
    {
        await using var tls = await TlsConnection.OpenAsync(
            server.Address.Mqtt, server.Address.Tls(server.Summary.ProvisioningHost, applicant.Credential));
        await tls.ShutdownAsync();
        _ = await tls.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
    }

    /// <summary>A handshake, CONNECT and CONNACK, DISCONNECT.</summary>
    public async Task ConnectAsync(Applicant applicant)
    {
        await using var link = await DeviceLink.OpenAsync(
            server.Address, server.Summary.ProvisioningHost, applicant.Credential, TimeProvider.System, CancellationToken.None);
        var user = ProvisioningUserName.Format(
            server.Summary.IdScope, RegistrationId.Parse(applicant.Id, CultureInfo.InvariantCulture), SandboxDevice.ClientType);
        await link.ConnectAsync(applicant.Id, user, cleanSession: true, CancellationToken.None);
        await link.DisconnectAsync();
    }
}
