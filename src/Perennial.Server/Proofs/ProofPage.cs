using System.Net;
using System.Text.Json.Nodes;

namespace Perennial.Server.Proofs;

/// <summary>A report for people to read and print: one page without script, with nothing from elsewhere.</summary>
internal static class ProofPage
{
    private const int MostDevices = 10_000;

    private static readonly (string Title, string Member)[] Columns =
    [
        ("Device", "device"), ("Wave", "wave"), ("Offered", "offeredUtc"), ("First use of the new", "firstUseUtc"), ("Longest gap, s", "longestGapSeconds"),
        ("Old leaf", "old"), ("New leaf", "new"), ("Moved", "moved"), ("Waiver", "waiver"),
    ];

    public static string Of(JsonObject proof)
    {
        var report = proof["report"]!.AsObject();
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Roll ");
        page.Append(Text(report["roll"]!["id"])).Append(
            "</title><style>body{font:14px/1.45 sans-serif;margin:2rem;max-width:72rem}h1{font-size:1.5rem}table{border-collapse:collapse;font-size:12px}td,th{border:1px solid #999;padding:2px 6px;text-align:left;vertical-align:top;overflow-wrap:anywhere}@media print{body{margin:0}}</style></head><body>");
        page.Append("<h1>Roll ").Append(Text(report["roll"]!["id"])).Append("</h1>");
        AddFacts(page, "The roll", report["roll"]);
        AddFacts(page, "Rehearsed", report["preview"] ?? (report["withoutRehearsal"] is { } reason ? new JsonObject { ["startedWithoutRehearsal"] = reason.DeepClone() } : null));
        AddFacts(page, "Outcome", report["outcome"]);
        AddFacts(page, "Probe of the retired certificates", report["probe"]);
        AddTable(page, "Who did what", report["acts"]!.AsArray(), [("Number", "number"), ("When", "atUtc"), ("Who", "actor"), ("What", "action"), ("After", "after")]);
        page.Append("<p>").Append(Text(report["gaps"])).Append("</p>");
        AddTable(page, "Devices", report["devices"]!.AsArray(), Columns);
        AddFacts(page, "Signature", new JsonObject
        {
            ["sha256"] = proof["sha256"]!.DeepClone(),
            ["previousReport"] = report["previousReport"]?.DeepClone(),
            ["auditHead"] = report["auditHead"]?.DeepClone(),
            ["signature"] = proof["signature"]!.DeepClone(),
            ["publicKey"] = proof["publicKey"]!.DeepClone(),
        });
        return page.Append("<p>Check the JSON of this report with: perennial proof verify FILE</p></body></html>").ToString();
    }

    private static void AddFacts(StringBuilder page, string title, JsonNode? facts)
    {
        if (facts is not JsonObject members)
        {
            return;
        }

        page.Append("<h2>").Append(title).Append("</h2><table>");
        foreach (var (name, value) in members.Where(member => member.Value is not null))
        {
            page.Append("<tr><th scope=\"row\">").Append(Text(name)).Append("</th><td>").Append(Text(value)).Append("</td></tr>");
        }

        page.Append("</table>");
    }

    private static void AddTable(StringBuilder page, string title, JsonArray rows, IReadOnlyList<(string Title, string Member)> columns)
    {
        page.Append("<h2>").Append(title).Append("</h2><table><tr>");
        foreach (var column in columns)
        {
            page.Append("<th scope=\"col\">").Append(column.Title).Append("</th>");
        }

        page.Append("</tr>");
        foreach (var row in rows.Take(MostDevices))
        {
            page.Append("<tr>");
            foreach (var column in columns)
            {
                page.Append("<td>").Append(Text(row![column.Member])).Append("</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table>");
        if (rows.Count > MostDevices)
        {
            page.Append("<p>The others stand in the JSON of this report.</p>");
        }
    }

    private static string Text(JsonNode? value) => WebUtility.HtmlEncode(value switch
    {
        null => "",
        JsonArray items => string.Join("; ", items.Select(item => item?.ToString())),
        _ => value.ToString(),
    });
}
