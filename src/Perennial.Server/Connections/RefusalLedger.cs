using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Perennial.Server.Logging;
using Perennial.Server.Metrics;
using Perennial.X509;

namespace Perennial.Server.Connections;

/// <summary>Counts every refusal by its reason, and logs each reason at most once a second with how many were passed over.</summary>
internal sealed partial class RefusalLedger(ILogger<RefusalLedger> logger, TimeProvider time, Measures? measures = null)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Throttle> _throttles = new(StringComparer.Ordinal);

    /// <summary>What was refused within the last hour.</summary>
    public RecentRefusals Recent { get; } = new(time);

    /// <param name="refusal">What was refused.</param>
    /// <param name="device">The announced id, for the log alone.</param>
    public void Note(Refusal refusal, string device)
    {
        Recent.Note(refusal.Reason);
        measures?.Refused(refusal.Reason.Number, refusal.Reason.Name);
        var throttle = _throttles.GetOrAdd(refusal.Reason.Name, _ => new Throttle());
        if (throttle.TryPass(time, out var passedOver))
        {
            LogRefused(refusal.Reason.Number, refusal.Reason.Name, device, refusal.Detail, passedOver);
        }
    }

    [LoggerMessage(LogIds.Refused, LogLevel.Warning, "Refused {Number} {Name} for '{Device}': {Detail} ({PassedOver} more since the last line of this kind)")]
    private partial void LogRefused(int number, string name, string device, string detail, long passedOver);

    private sealed class Throttle
    {
        private readonly Lock _gate = new();
        private long? _last;
        private long _passedOver;

        public bool TryPass(TimeProvider time, out long passedOver)
        {
            lock (_gate)
            {
                if (_last is { } last && time.GetElapsedTime(last) < LogInterval)
                {
                    passedOver = ++_passedOver;
                    return false;
                }

                _last = time.GetTimestamp();
                passedOver = _passedOver;
                _passedOver = 0;
                return true;
            }
        }
    }
}
