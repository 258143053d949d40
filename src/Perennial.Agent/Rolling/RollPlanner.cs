using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Perennial.Agent.Configuration;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Rolling;

/// <summary>Decides when to roll: a pure function of what is known. See docs/agent.md.</summary>
internal static class RollPlanner
{
    /// <summary>The longest that a server's wish to wait is obeyed.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestRetry = TimeSpan.FromHours(6);

    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestAfterExpiry = TimeSpan.FromMinutes(30);

    /// <summary>The part of what is left that passes before the next attempt.</summary>
    private const int Tries = 12;

    /// <summary>The place of a device among its likes, from 0 to below 1: always the same for one registration id, whatever its case.</summary>
    public static double PositionOf(string registrationId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(registrationId.ToLowerInvariant()));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) / (double)(1UL << 53);
    }

    public static RollPlan Plan(OperationalCredential current, RollSettings settings, double position, RollWindow? window, RollAttempts attempts, bool isUnderWay)
    {
        var plan = attempts.LastFailure is { } failed
            ? new RollPlan(failed + RetryAfter(current, failed, attempts.Failures, position), RollReason.Retry)
            : isUnderWay ? new(DateTimeOffset.MinValue, RollReason.UnderWay)
            : FirstAttempt(current, settings, position, window);
        return Obeyed(attempts) is { } asked && asked > plan.At ? new(asked, RollReason.AskedToWait) : plan;
    }

    /// <summary>The plan of a device whose certificate is drained: it is out of service, and asks when it is told to, else soon and then less often.</summary>
    public static RollPlan PlanDrained(RollAttempts attempts) => new(
        Obeyed(attempts) ?? (attempts.LastFailure is { } failed ? failed + Min(ShortestRetry * Math.Pow(2, Math.Clamp(attempts.Failures - 1, 0, 16)), LongestAfterExpiry) : DateTimeOffset.MinValue),
        RollReason.Drained);

    /// <summary>The moment of the first attempt, by the window or by the lifetime; always before the certificate expires.</summary>
    private static RollPlan FirstAttempt(OperationalCredential current, RollSettings settings, double position, RollWindow? window)
    {
        // Issuers date certificates back: the lifetime is counted from when this device had it.
        var start = current.Obtained > current.NotBefore && current.Obtained < current.NotAfter ? current.Obtained : current.NotBefore;
        var lifetime = current.NotAfter - start;

        // What was obtained inside the window or after it was obtained because of it. A window that ends too late to be safe is cut, one that begins
        // too late is passed over: no wish of the service lets a certificate expire.
        var latest = start + (lifetime * 0.95);
        if (window is not null && current.Obtained < window.NotBefore && window.NotBefore < latest)
        {
            var end = window.NotAfter < latest ? window.NotAfter : latest;
            return new(window.NotBefore + ((end - window.NotBefore) * position), RollReason.Window);
        }

        var share = settings.Share + (settings.Spread * (position - 0.5));
        return new(start + (lifetime * share), RollReason.Lifetime);
    }

    /// <summary>A twelfth of what is left, so that attempts come closer together towards expiry; after it they spread out again.</summary>
    private static TimeSpan RetryAfter(OperationalCredential current, DateTimeOffset failed, int failures, double position)
    {
        var left = current.NotAfter - failed;
        if (left <= TimeSpan.Zero)
        {
            var spread = ShortestRetry * Math.Pow(2, Math.Clamp(failures - 1, 0, 16));
            return Min(spread, LongestAfterExpiry);
        }

        // Certificates of minutes or hours: the shortest pause shrinks with the lifetime.
        var least = Min(ShortestRetry, (current.NotAfter - current.NotBefore) / 60);
        var pause = left / Tries * (0.9 + (0.1 * position));
        return Max(least, Min(pause, LongestRetry));
    }

    private static DateTimeOffset? Obeyed(RollAttempts attempts) =>
        attempts is { RetryAt: { } asked, LastFailure: { } failed } && asked - failed > LongestWait ? failed + LongestWait : attempts.RetryAt;

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
