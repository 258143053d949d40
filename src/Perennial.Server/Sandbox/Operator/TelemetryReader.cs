using System.Globalization;
using System.Runtime.CompilerServices;
using Perennial.Protocol;
using Perennial.Protocol.Hub;

namespace Perennial.Server.Sandbox.Operator;

/// <summary>Reads the telemetry feed of a hub over HTTPS.</summary>
internal sealed class TelemetryReader(OperatorClient hub, string hubName)
{
    /// <summary>The lines from a sequence on, as long as the server goes on sending.</summary>
    public async IAsyncEnumerable<TelemetryFeedLine> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"hubs/{hubName}/telemetry?from={from}");
        using var answer = await hub.SendAsync(HttpMethod.Get, path, null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length > 0)
            {
                yield return WireJson.TryParse(Encoding.UTF8.GetBytes(line), out TelemetryFeedLine? entry, out var fault)
                    ? entry
                    : throw new InvalidDataException($"A line of the telemetry feed cannot be read: {fault}");
            }
        }
    }
}
