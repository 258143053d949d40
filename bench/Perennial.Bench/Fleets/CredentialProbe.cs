using System.Net.Sockets;
using System.Security.Authentication;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench.Fleets;

/// <summary>Shows what a device holds to the provisioning service, again and again, each time by a handshake and a registration of its own.</summary>
internal sealed class CredentialProbe(FleetSurroundings surroundings)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ProvisionDevice _provision = new(surroundings.Server, surroundings.ProvisioningHost, surroundings.IdScope, surroundings.Time);
    private int _accepted;
    private int _without;

    /// <summary>Probes in which the service took what the device held.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Probes in which it took nothing of what the device held.</summary>
    public int Without => Volatile.Read(ref _without);

    public async Task RunAsync(SandboxDevice device, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await ProbeAsync(device, stop);
                await Task.Delay(Pause, surroundings.Time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough was seen.
        }
    }

    private async Task ProbeAsync(SandboxDevice device, CancellationToken stop)
    {
        var held = device.Held;
        foreach (var credential in held)
        {
            switch (await AskAsync(device.Id, credential, stop))
            {
                case ProvisioningAnswer.Assigned:
                    Interlocked.Increment(ref _accepted);
                    return;
                case null or ProvisioningAnswer.Refused { IsUnauthorized: false }:
                    return; // The server is away, or busy.
            }
        }

        // What it holds may have changed meanwhile; the next probe shows that.
        if (held.SequenceEqual(device.Held))
        {
            Interlocked.Increment(ref _without);
            surroundings.Refusals.Add($"probe: {device.Id} holds nothing valid");
        }
    }

    private async Task<ProvisioningAnswer?> AskAsync(string id, DeviceCredential credential, CancellationToken stop)
    {
        try
        {
            return await _provision.RunAsync(id, credential, stop);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested
            && (fault is IOException or SocketException or AuthenticationException or OperationCanceledException))
        {
            return null;
        }
    }
}
