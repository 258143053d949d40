using System.Buffers.Text;
using Perennial.Protocol.Hub;

namespace Perennial.Server.Sandbox.Story;

/// <summary>Compares what the devices sent with what the feed has, number by number.</summary>
/// <param name="sent">How many messages each device has sent; they are numbered from 1.</param>
internal sealed class TelemetryLedger(IEnumerable<KeyValuePair<string, long>> sent)
{
    private readonly Dictionary<string, (long Sent, HashSet<long> Received)> _devices =
        sent.ToDictionary(pair => pair.Key, pair => (pair.Value, new HashSet<long>()), StringComparer.Ordinal);

    public long Sent => _devices.Values.Sum(device => device.Sent);

    public long Received { get; private set; }

    public long Lost => Sent - Received;

    public long Duplicated { get; private set; }

    /// <summary>Lines that no device of the fleet has sent.</summary>
    public long Foreign { get; private set; }

    public void Receive(TelemetryFeedLine line)
    {
        if (!_devices.TryGetValue(line.DeviceId, out var device)
            || !Utf8Parser.TryParse(line.Body.Span, out long number, out var length)
            || length != line.Body.Length
            || number < 1
            || number > device.Sent)
        {
            Foreign++;
        }
        else if (device.Received.Add(number))
        {
            Received++;
        }
        else
        {
            Duplicated++;
        }
    }
}
