using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Server.Sandbox.Story;

/// <summary>Retires old certificates through the service API, and looks whether they are refused from then on.</summary>
internal sealed class RetireByProof(SandboxFleet fleet, FleetOperator @operator, ProbeCertificate probe)
{
    /// <summary>Devices of each kind whose retired certificate is tried.</summary>
    private const int ProbedDevices = 3;

    private int _probes;
    private int _taken;

    /// <summary>Probes in which a retired certificate was still taken.</summary>
    public int Taken => _taken;

    /// <summary>Whether the group's old intermediate could not be retired while a device had not proven the new one.</summary>
    public bool UnprovenIsRefused { get; private set; }

    public string Note => $"unproven {(UnprovenIsRefused ? "refused" : "RETIRED")}, {_probes - _taken} of {_probes} probes refused";

    /// <returns>Whether it is retired.</returns>
    public async Task<bool> RetireLeafAsync(SandboxDevice device, CancellationToken cancellationToken) =>
        Counted(await @operator.RetireLeafAsync(device.Id, cancellationToken));

    /// <summary>Asks to retire the old intermediate while one device still uses a leaf below it.</summary>
    public async Task TryUnprovenAsync(CancellationToken cancellationToken) =>
        UnprovenIsRefused = !Counted(await @operator.RetireSigningCertificateAsync(SandboxFleet.GroupId, cancellationToken));

    /// <returns>Whether it is retired.</returns>
    public async Task<bool> RetireIntermediateAsync(CancellationToken cancellationToken) =>
        Counted(await @operator.RetireSigningCertificateAsync(SandboxFleet.GroupId, cancellationToken));

    /// <summary>Shows retired certificates to the hub and to the provisioning service.</summary>
    public async Task ProbeAsync(Func<SandboxDevice, DeviceCredential> retired, CancellationToken cancellationToken)
    {
        var devices = fleet.Individuals.Take(ProbedDevices).Concat(fleet.Members.Take(ProbedDevices));
        var together = new ParallelOptions { MaxDegreeOfParallelism = 2 * ProbedDevices, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(devices, together, async (device, stop) =>
        {
            Interlocked.Add(ref _taken, await probe.RunAsync(device.Id, retired(device), stop));
            Interlocked.Add(ref _probes, 2);
        });
    }

    private bool Counted(bool isRetired)
    {
        if (!isRetired)
        {
            fleet.Surroundings.Refusals.Add("retire: not proven");
        }

        return isRetired;
    }
}
