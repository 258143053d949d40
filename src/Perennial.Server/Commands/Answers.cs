using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perennial.Server.Commands;

/// <summary>Writes what the server answered: tables for people, JSON for programs. Secrets are hidden unless asked for.</summary>
internal static class Answers
{
    /// <summary>Stands where a secret would.</summary>
    public const string Hidden = "(hidden: --show-secrets)";

    private const string None = "-";

    /// <summary>So many rows say how wide the columns are.</summary>
    private const int Measured = 500;

    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase) { "primaryKey", "secondaryKey", "sharedAccessKey", "connectionString" };

    // Thumbprints, keys in base64 and names of people stay readable.
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One document: its members line by line, or as JSON.</summary>
    public static async Task WriteAsync(ParseResult line, JsonNode document)
    {
        var shown = line.GetValue(ServiceOptions.ShowSecrets) ? document : Redact(document);
        var output = line.InvocationConfiguration.Output;
        if (AreJson(line))
        {
            await output.WriteLineAsync(JsonOf(shown));
            return;
        }

        var members = Flatten(shown, string.Empty).ToList();
        var width = members.Count == 0 ? 0 : members.Max(member => member.Name.Length);
        foreach (var (name, value) in members)
        {
            await output.WriteLineAsync($"{name.PadRight(width)}  {value}");
        }
    }

    /// <summary>Many documents as they come: a row each, or a JSON array.</summary>
    public static async Task WriteAsync(ParseResult line, IAsyncEnumerable<JsonObject> documents, int? most, params Column[] columns)
    {
        var bounded = most is { } count ? documents.Take(count) : documents;
        await (AreJson(line) ? WriteJsonAsync(line, bounded) : WriteTableAsync(line, bounded, columns));
    }

    /// <summary>Whether the line asks for JSON.</summary>
    public static bool AreJson(ParseResult line) => line.GetValue(ServiceOptions.Format) == ServiceOptions.Json;

    /// <summary>A list that is at hand, as a JSON array.</summary>
    public static Task WriteJsonAsync(ParseResult line, IEnumerable<JsonObject> documents) =>
        line.InvocationConfiguration.Output.WriteLineAsync(JsonOf(new JsonArray([.. documents])));

    /// <summary>Indented JSON.</summary>
    public static string JsonOf(JsonNode document) => document.ToJsonString(Readable);

    private static async Task WriteJsonAsync(ParseResult line, IAsyncEnumerable<JsonObject> documents)
    {
        var output = line.InvocationConfiguration.Output;
        var isFirst = true;
        await foreach (var document in documents)
        {
            await output.WriteAsync(isFirst ? "[\n" : ",\n");
            await output.WriteAsync(JsonOf(line.GetValue(ServiceOptions.ShowSecrets) ? document : Redact(document)));
            isFirst = false;
        }

        await output.WriteLineAsync(isFirst ? "[]" : "\n]");
    }

    private static async Task WriteTableAsync(ParseResult line, IAsyncEnumerable<JsonObject> documents, Column[] columns)
    {
        var output = line.InvocationConfiguration.Output;
        var first = new List<string[]> { columns.Select(column => column.Title.ToUpperInvariant()).ToArray() };
        int[]? widths = null;
        await foreach (var document in documents)
        {
            var cells = columns.Select(column => Cell(column.Of(document))).ToArray();
            if (widths is not null)
            {
                await output.WriteLineAsync(RowOf(cells, widths));
                continue;
            }

            first.Add(cells);
            if (first.Count > Measured)
            {
                widths = await WriteFirstAsync();
            }
        }

        if (widths is null)
        {
            await WriteFirstAsync();
        }

        async Task<int[]> WriteFirstAsync()
        {
            var measured = columns.Select((_, index) => first.Max(row => row[index].Length)).ToArray();
            foreach (var row in first)
            {
                await output.WriteLineAsync(RowOf(row, measured));
            }

            return measured;
        }
    }

    private static string RowOf(string[] cells, int[] widths) => string.Join("  ", cells.Select((cell, index) => cell.PadRight(widths[index]))).TrimEnd();

    private static string Cell(string? text) => string.IsNullOrWhiteSpace(text) ? None : text.ReplaceLineEndings(" ");

    private static IEnumerable<(string Name, string Value)> Flatten(JsonNode? node, string name) => node switch
    {
        JsonObject members => members.Where(member => member.Value is not null).SelectMany(member => Flatten(member.Value, name.Length == 0 ? member.Key : $"{name}.{member.Key}")),
        JsonArray list when list.Any(item => item is JsonObject) => list.SelectMany((item, index) => Flatten(item, $"{name}[{index}]")),
        JsonArray list => [(name, list.Count == 0 ? None : string.Join(", ", list.Select(item => item?.ToString())))],
        _ => [(name, (node?.ToString() ?? None).ReplaceLineEndings(" ").Trim())],
    };

    private static JsonNode Redact(JsonNode document)
    {
        var copy = document.DeepClone();
        Hide(copy);
        return copy;
    }

    private static void Hide(JsonNode? node)
    {
        foreach (var child in node is JsonArray list ? list : [])
        {
            Hide(child);
        }

        foreach (var (name, value) in node is JsonObject members ? members.ToList() : [])
        {
            if (value is JsonValue && Secrets.Contains(name))
            {
                node![name] = Hidden;
            }
            else
            {
                Hide(value);
            }
        }
    }
}
