using System.Collections.Concurrent;
using System.Globalization;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Server.Sandbox.Story;

/// <summary>Gives devices new certificates, remembers the old ones, and how long each device was away.</summary>
internal sealed class FleetRoll
{
    private readonly ConcurrentDictionary<SandboxDevice, DeviceCredential> _before = new();
    private ConcurrentBag<TimeSpan> _gaps = [];

    /// <summary>What a device showed before its last roll.</summary>
    public DeviceCredential Before(SandboxDevice device) => _before[device];

    /// <returns>Whether the device is connected with the new certificate.</returns>
    public async Task<bool> RunAsync(SandboxDevice device, DeviceCredential next, CancellationToken cancellationToken)
    {
        _before[device] = device.Credential;
        var isConnected = await device.RollAsync(next, cancellationToken);
        _gaps.Add(device.LastGap);
        return isConnected;
    }

    /// <summary>How long devices were away in the rolls since the last note.</summary>
    public string TakeNote()
    {
        var gaps = Interlocked.Exchange(ref _gaps, []).Order().ToArray();
        return gaps.Length == 0
            ? "none"
            : string.Create(CultureInfo.InvariantCulture, $"gap median {gaps[gaps.Length / 2].TotalMilliseconds:0} ms, max {gaps[^1].TotalMilliseconds:0} ms");
    }
}
