using System.Collections.Concurrent;
using System.Globalization;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Server.Sandbox.Story;

/// <summary>Gives devices new certificates, remembers the old ones, and how long each device was away.</summary>
internal sealed class FleetRoll(TimeProvider time)
{
    private readonly ConcurrentDictionary<SandboxDevice, DeviceCredential> _before = new();
    private ConcurrentBag<TimeSpan> _took = [];

    /// <summary>What a device showed before its last roll.</summary>
    public DeviceCredential Before(SandboxDevice device) => _before[device];

    /// <returns>Whether the device is connected with the new certificate.</returns>
    public async Task<bool> RunAsync(SandboxDevice device, DeviceCredential next, CancellationToken cancellationToken)
    {
        _before[device] = device.Credential;
        var started = time.GetTimestamp();
        var isConnected = await device.RollAsync(next, cancellationToken);
        _took.Add(time.GetElapsedTime(started));
        return isConnected;
    }

    /// <summary>How long devices were away in the rolls since the last note.</summary>
    public string TakeNote()
    {
        var took = Interlocked.Exchange(ref _took, []).Order().ToArray();
        return took.Length == 0
            ? "none"
            : string.Create(CultureInfo.InvariantCulture, $"gap median {took[took.Length / 2].TotalMilliseconds:0} ms, max {took[^1].TotalMilliseconds:0} ms");
    }
}
