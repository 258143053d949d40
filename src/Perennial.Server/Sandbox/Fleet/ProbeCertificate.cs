using MQTTnet.Protocol;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>Shows a retired certificate to the hub and to the provisioning service, on connections of its own.</summary>
internal sealed class ProbeCertificate(FleetSurroundings surroundings, string hubHost)
{
    /// <returns>How many of the two took it; every refusal is counted.</returns>
    public async Task<int> RunAsync(string id, DeviceCredential retired, CancellationToken cancellationToken)
    {
        var taken = 0;
        var code = await ReachHub.ProbeAsync(new ProvisioningAnswer.Assigned(hubHost, id), retired, surroundings, cancellationToken);
        if (code == MqttConnectReturnCode.ConnectionAccepted)
        {
            taken++;
        }
        else
        {
            surroundings.Refusals.Add("retired certificate, hub: unauthorized");
        }

        var provision = new ProvisionDevice(surroundings.Server, surroundings.ProvisioningHost, surroundings.IdScope, surroundings.Time);
        if (await provision.RunAsync(id, retired, cancellationToken) is ProvisioningAnswer.Refused refused)
        {
            surroundings.Refusals.Add($"retired certificate, {refused.Reason}");
        }
        else
        {
            taken++;
        }

        return taken;
    }
}
