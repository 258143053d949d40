using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>
/// What a device says of its own roll: the member <c>certificateRoll</c> of its reported properties,
/// <c>{"certificateRoll":{"state":"failed","code":"refused","message":"…"}}</c>. Whoever reads it has no reason to trust it.
/// </summary>
public sealed record RollReportDocument : IWireDocument<RollReportDocument>
{
    /// <summary>The name of the member.</summary>
    public const string Member = "certificateRoll";

    /// <summary>The state of a device that tried and could not.</summary>
    public const string Failed = "failed";

    /// <summary>The state of a device that uses its new certificate.</summary>
    public const string Succeeded = "succeeded";

    private const int MaxCode = 32;
    private const int MaxMessage = 240;

    /// <inheritdoc/>
    static JsonTypeInfo<RollReportDocument> IWireDocument<RollReportDocument>.TypeInfo => RollingJson.Default.RollReportDocument;

    /// <summary><c>failed</c>; any other word, <c>rolling</c> or <c>succeeded</c>, says that the device has not failed.</summary>
    public required string State { get; init; }

    /// <summary>Short, for programs; left out when there is none.</summary>
    public string? Code { get; init; }

    /// <summary>For people; left out when there is none.</summary>
    public string? Message { get; init; }

    /// <summary>Reads the member out of reported properties.</summary>
    /// <param name="reported">The properties.</param>
    /// <returns>What is failing, on one line of bounded length without control characters; null when nothing is.</returns>
    public static string? FindFailure(JsonElement reported)
    {
        if (reported.ValueKind != JsonValueKind.Object || !reported.TryGetProperty(Member, out var report) || report.ValueKind != JsonValueKind.Object
            || !Text(report, "state", MaxCode).Equals(Failed, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = new[] { Text(report, "code", MaxCode), Text(report, "message", MaxMessage) }.Where(part => part.Length > 0);
        return string.Join(": ", parts.Prepend("The device reports that it failed"));
    }

    /// <summary>The report, cut to its bounds.</summary>
    /// <returns>The value of the member; null members take out what an earlier report had.</returns>
    public JsonObject ToMember() => new() { ["state"] = State, ["code"] = Cut(Code, MaxCode), ["message"] = Cut(Message, MaxMessage) };

    private static string Text(JsonElement report, string member, int max)
    {
        var text = !report.TryGetProperty(member, out var value) ? string.Empty
            : value.ValueKind == JsonValueKind.String ? value.GetString()!
            : value.ValueKind == JsonValueKind.Number ? value.GetRawText()
            : string.Empty;
        return Cut(text, max)!;
    }

    private static string? Cut(string? text, int max) => text is null
        ? null
        : string.Concat(text.EnumerateRunes().Take(max).Select(rune => Rune.IsControl(rune) ? " " : rune.ToString())).Trim();
}
