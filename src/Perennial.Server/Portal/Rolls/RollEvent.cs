using System.Text.Json.Nodes;
using Perennial.Server.Audit;

namespace Perennial.Server.Portal.Rolls;

/// <summary>Something that happened to a roll, as the audit trail tells it.</summary>
/// <param name="Number">Of the entry.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What, for instance <c>roll.pause</c>.</param>
/// <param name="Detail">The device, the reason; empty for none.</param>
public sealed record RollEvent(long Number, DateTimeOffset At, string Actor, string Action, string Detail)
{
    private static readonly string[] Told = ["device", "haltReason", "reason", "withoutRehearsal"];

    internal static RollEvent From(AuditRecord record)
    {
        // What was written when the roll was made is all of it, which stands on the page.
        var after = record.Entry.Action == "roll.create" ? null : JsonNode.Parse(record.Entry.After ?? "null") as JsonObject;
        return new RollEvent(
            record.Number,
            record.Entry.At,
            record.Entry.Actor,
            record.Entry.Action,
            string.Join(": ", Told.Select(member => after?[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : string.Empty).Where(text => text.Length > 0)));
    }
}
