using System.Globalization;
using System.Text.Json.Nodes;

namespace Perennial.Server.Commands;

/// <summary>A roll in one line for people.</summary>
internal static class RollWords
{
    private const int Bar = 20;

    /// <summary>How far it has come, and for what it waits or why it was halted.</summary>
    public static string Line(JsonObject roll)
    {
        var (devices, open) = (Number(roll, "devices"), Number(roll, "open"));
        var done = devices == 0 ? 0 : (int)((devices - open) * Bar / devices);
        var reason = Column.TextAt(roll, "haltReason") is { } halt ? $", halted: {halt}" : Column.TextAt(roll, "waitsFor") is { } wait ? $", waits for {wait}" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{roll["id"]} {roll["state"]}, {WaveOf(roll)} [{new string('#', done)}{new string('.', Bar - done)}] {Number(roll, "moved")} of {devices} {((bool?)roll["back"] == true ? "back" : "moved")}, {Number(roll, "waived")} waived, {open} hold it open{reason}");
    }

    /// <summary>When the overlap ends, by what is known; null when nothing is.</summary>
    public static string? Ends(JsonObject roll)
    {
        var parts = new[]
        {
            (Text: "the last device is offered it ", At: Column.TimeOf(Column.TextAt(roll, "forecast.lastOfferUtc"))),
            (Text: "at the pace since the start the overlap ends ", At: Column.TimeOf(Column.TextAt(roll, "forecast.atPaceUtc"))),
            (Text: "with the last old leaf it ends at the latest ", At: Column.TimeOf(Column.TextAt(roll, "progress.overlapEndsUtc"))),
        };
        var known = parts.Where(part => part.At is not null).Select(part => part.Text + part.At).ToList();
        return known.Count == 0 ? null : string.Join("; ", known);
    }

    public static string WaveOf(JsonObject roll) => (int?)roll["wave"] is > 0 and var wave ? $"wave {wave}" : "canary";

    private static long Number(JsonObject roll, string name) => (long?)Column.NodeAt(roll, $"progress.{name}") ?? 0;
}
