using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>--plan</c>: asks what a change would do to devices, instead of making it.</summary>
internal static class PlanOption
{
    /// <summary>The exit code of a plan by which a device would lose access.</summary>
    public const int SomebodyLoses = 2;

    public static readonly Option<bool> Plan = new("--plan")
    {
        Description = $"Tells what the change would do to devices, and makes it not. Ends with {SomebodyLoses} when a device would lose access.",
    };

    /// <summary>Makes the change, or tells what it would do.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ParseResult line, ServiceApi api, ServiceRequest change, CancellationToken cancellationToken)
    {
        if (line.GetValue(Plan))
        {
            var impact = (await api.DemandAsync(DryRun(change), cancellationToken)).Document;
            await TellAsync(line, impact);
            return LosingOf(impact) > 0 ? SomebodyLoses : 0;
        }

        var answer = await api.DemandAsync(change, cancellationToken);
        if (answer.Body is JsonObject document)
        {
            await Answers.WriteAsync(line, document);
        }

        return 0;
    }

    /// <summary>The request that asks for the impact of another.</summary>
    public static ServiceRequest DryRun(ServiceRequest change) =>
        change with { Path = $"{change.Path}{(change.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}dryRun=true" };

    /// <summary>How many devices would lose access.</summary>
    public static long LosingOf(JsonObject impact) => (long?)impact["losing"] ?? 0;

    /// <summary>The impact in sentences, or as JSON.</summary>
    public static async Task TellAsync(ParseResult line, JsonObject impact)
    {
        var output = line.InvocationConfiguration.Output;
        if (Answers.AreJson(line))
        {
            await output.WriteLineAsync(Answers.JsonOf(impact));
            return;
        }

        var counts = impact["devices"] as JsonObject ?? [];
        await output.WriteLineAsync($"{impact["change"]}");
        await output.WriteLineAsync($"  {string.Join(", ", counts.Select(count => $"{count.Value} {Words(count.Key)}"))}");
        foreach (var reason in (impact["reasons"] as JsonArray ?? []).OfType<JsonObject>())
        {
            await output.WriteLineAsync($"  {reason["devices"]} by {reason["refusal"]} {reason["title"]} {reason["remedy"]}");
        }

        var losing = LosingOf(impact);
        await output.WriteLineAsync(losing == 0 ? "  nobody loses access" : string.Create(CultureInfo.InvariantCulture, $"  {losing} would lose access"));
    }

    // losesAtOnce is said as "loses at once".
    private static string Words(string name) => string.Concat(name.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
}
