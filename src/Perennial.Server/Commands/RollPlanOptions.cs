using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Rolling.Rolls;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>How a roll is to go about it: a file with the plan, and options that stand above what the file says.</summary>
internal static class RollPlanOptions
{
    private static readonly Option<string?> PlanFile = new("--plan-file") { Description = "A file with the members of the plan, JSON or YAML, as docs/rolling.md lists them.", HelpName = "FILE" };

    private static readonly Option<string[]> Canary = new("--canary") { Description = "The devices of the first wave; may be repeated.", HelpName = "ID", AllowMultipleArgumentsPerToken = true };

    private static readonly Option<int?> CanarySize = new("--canary-size") { Description = "How many devices the first wave has, when none are named.", HelpName = "N" };

    private static readonly Option<int?> WaveSize = new("--wave-size") { Description = "Devices of the second wave.", HelpName = "N" };

    private static readonly Option<double?> Growth = new("--growth") { Description = "How many times as large each later wave is.", HelpName = "FACTOR" };

    private static readonly Option<int?> Rate = new("--rate") { Description = "Offers in a minute, at most.", HelpName = "N" };

    private static readonly Option<double?> Gate = new("--gate") { Description = "The share of a wave that must have moved before the next one begins, above 0 and at most 1.", HelpName = "SHARE" };

    private static readonly Option<double?> Soak = new("--soak") { Description = "For how many seconds a wave is watched after its last offer.", HelpName = "SECONDS" };

    private static readonly Option<double?> Spread = new("--spread") { Description = "Over how many seconds the windows of devices begin, each at a turn of its own.", HelpName = "SECONDS" };

    private static readonly Option<string?> Offer = new("--offer") { Description = "How devices are told: desiredProperty, method, registration or none. Default what their enrollments say.", HelpName = "WAY" };

    private static readonly Option<string[]> Windows = new("--window")
    {
        Description = "When devices may be touched, for instance \"saturday,sunday 22:00-04:00 Europe/Berlin\"; may be repeated.",
        HelpName = "WINDOW",
    };

    public static void AddTo(Command command)
    {
        foreach (var option in (Option[])[PlanFile, Canary, CanarySize, WaveSize, Growth, Rate, Gate, Soak, Spread, Offer, Windows])
        {
            command.Add(option);
        }
    }

    /// <summary>The plan that the line describes; empty for the usual one.</summary>
    public static JsonObject Read(ParseResult line)
    {
        var plan = line.GetValue(PlanFile) is { } file ? RollPlanFile.Read(file) : [];
        Set(plan, "canary", line.GetValue(Canary) is { Length: > 0 } canary ? new JsonArray([.. canary.Select(id => JsonValue.Create(id))]) : null);
        Set(plan, "canarySize", line.GetValue(CanarySize));
        Set(plan, "waveSize", line.GetValue(WaveSize));
        Set(plan, "growth", line.GetValue(Growth));
        Set(plan, "ratePerMinute", line.GetValue(Rate));
        Set(plan, "gate", line.GetValue(Gate));
        Set(plan, "soakSeconds", line.GetValue(Soak));
        Set(plan, "spreadSeconds", line.GetValue(Spread));
        Set(plan, "offer", line.GetValue(Offer));
        Set(plan, "windows", line.GetValue(Windows) is { Length: > 0 } windows ? new JsonArray([.. windows.Select(WindowOf)]) : null);
        return plan;
    }

    private static void Set(JsonObject plan, string name, JsonNode? value)
    {
        if (value is not null)
        {
            plan[name] = value;
        }
    }

    private static JsonObject WindowOf(string text) => MaintenanceWindow.TryParse(text, out var window)
        ? new JsonObject
        {
            ["days"] = new JsonArray([.. window.Days.Select(day => JsonValue.Create(day.ToString().ToLowerInvariant()))]),
            ["from"] = window.From.ToString("HH:mm", CultureInfo.InvariantCulture),
            ["until"] = window.Until.ToString("HH:mm", CultureInfo.InvariantCulture),
            ["timeZone"] = window.Zone.Id,
        }
        : throw new OperatorException($"--window takes days, times and a time zone, for instance \"saturday,sunday 22:00-04:00 Europe/Berlin\", not \"{text}\".");
}
