using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Exchanges;

/// <summary>A whole provisioning over MQTT: handshake, CONNECT, SUBSCRIBE, register, and polls until the answer is final.</summary>
internal sealed class MqttExchange(PerennialServer server)
{
    private readonly ProvisionDevice _provision =
        new(server.Address, server.Summary.ProvisioningHost, server.Summary.IdScope, TimeProvider.System);

    public async Task RunAsync(Applicant applicant)
    {
        if (await _provision.RunAsync(applicant.Id, applicant.Credential, CancellationToken.None) is not ProvisioningAnswer.Assigned)
        {
            throw new InvalidOperationException($"{applicant.Id} was not assigned over MQTT.");
        }
    }
}
