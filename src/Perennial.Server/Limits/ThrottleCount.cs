using System.Diagnostics.Metrics;
using Perennial.Server.Metrics;

namespace Perennial.Server.Limits;

/// <summary>Counts what a limit held back.</summary>
internal static class ThrottleCount
{
    private static readonly Meter Meter = new(Measures.MeterName);

    private static readonly Counter<long> Throttled = Meter.CreateCounter<long>(
        "perennial.throttled", "{request}", "Requests that a limit held back, by scope and operation.");

    public static void Add(string scope, string operation) => Throttled.Add(
        1, new KeyValuePair<string, object?>("scope", scope), new KeyValuePair<string, object?>("operation", operation));
}
