using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Protocol.Rolling;
using Perennial.Rolling.Impact;
using Perennial.Server.Tables;
using ImpactOutcome = Perennial.Rolling.Impact.ImpactOutcome;
using WireOutcome = Perennial.Protocol.Rolling.ImpactOutcome;

namespace Perennial.Server.Http;

/// <summary>The impact of a change on the wire: as documents, and as lines of comma-separated values.</summary>
internal static class ImpactDocuments
{
    public const string ItemType = "impactedDevice";

    public const string TableType = "text/csv; charset=utf-8";

    public const string TableDisposition = "attachment; filename=\"impact.csv\"";

    public const string TableHead = "registrationId,outcome,untilUtc,refusal\r\n";

    public static IReadOnlyList<ImpactOutcome> Outcomes { get; } = Enum.GetValues<ImpactOutcome>();

    public static string UnknownList => $"The query parameter list is none of {string.Join(", ", Outcomes.Select(NameOf))}.";

    /// <summary>Whether the caller asks for the preview instead of the change.</summary>
    public static bool IsAsked(HttpContext context) => (string?)context.Request.Query["dryRun"] is "true";

    /// <summary>Whether devices are asked for as a table.</summary>
    public static bool IsTable(HttpContext context) => (string?)context.Request.Query["format"] is "csv";

    /// <summary>Reads which devices are asked for by name; null for none.</summary>
    public static bool TryReadList(HttpContext context, out ImpactOutcome? outcome)
    {
        string? text = context.Request.Query["list"];
        outcome = text is null ? null : Outcomes.Cast<ImpactOutcome?>().FirstOrDefault(one => NameOf(one!.Value) == text);
        return text is null || outcome is not null;
    }

    public static string LineOf(ImpactedDevice device) => TableLine.Of(
        device.Device,
        NameOf(device.Outcome),
        device.End?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        device.Refusal?.Reason.Number.ToString(CultureInfo.InvariantCulture)) + "\r\n";

    public static ImpactDocument From(ImpactSummary summary) => new()
    {
        Change = summary.Change,
        AtUtc = summary.At,
        Devices = new ImpactCountsDocument
        {
            Keeps = summary.Counts.Keeps,
            LosesAtOnce = summary.Counts.LosesAtOnce,
            Drains = summary.Counts.Drains,
            LosesAtRegistration = summary.Counts.LosesAtRegistration,
            LosesEarlier = summary.Counts.LosesEarlier,
            Unknown = summary.Counts.Unknown,
            Gains = summary.Counts.Gains,
        },
        Losing = summary.Counts.Losing,
        Ends = [.. summary.Ends.Select(end => new ImpactEndDocument { Day = end.Day, Devices = end.Devices })],
        Reasons = [.. summary.Reasons.Select(reason => new ImpactReasonDocument
        {
            Refusal = reason.Refusal.Reason.Number,
            Title = reason.Refusal.Reason.Title,
            Example = reason.Refusal.Detail,
            Remedy = reason.Refusal.Reason.Remedy,
            Devices = reason.Devices,
        })],
    };

    public static ImpactedDeviceDocument From(ImpactedDevice device) => new()
    {
        RegistrationId = device.Device,
        Outcome = Enum.Parse<WireOutcome>(device.Outcome.ToString()),
        UntilUtc = device.End,
        Refusal = device.Refusal?.Reason.Number,
    };

    private static string NameOf(ImpactOutcome outcome) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());
}
