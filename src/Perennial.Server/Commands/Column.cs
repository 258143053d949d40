using System.Globalization;
using System.Text.Json.Nodes;

namespace Perennial.Server.Commands;

/// <summary>A column of a table: its title, and what of a document stands in it.</summary>
internal sealed record Column(string Title, Func<JsonObject, string?> Of)
{
    /// <summary>The member at this path, as it is.</summary>
    public static Column At(string title, string path) => new(title, document => TextAt(document, path));

    /// <summary>The moment at this path, to the second.</summary>
    public static Column TimeAt(string title, string path) => new(title, document => TimeOf(TextAt(document, path)));

    /// <summary>The text at a path of members with dots between; null when there is none.</summary>
    public static string? TextAt(JsonNode? document, string path) => NodeAt(document, path) switch
    {
        null or JsonObject => null,
        JsonArray list => string.Join(", ", list.Select(item => item?.ToString())),
        var value => value.ToString(),
    };

    public static JsonNode? NodeAt(JsonNode? document, string path)
    {
        foreach (var name in path.Split('.'))
        {
            document = (document as JsonObject)?[name];
        }

        return document;
    }

    /// <summary>A moment of the wire, to the second; null for none, which Azure writes as the year 1.</summary>
    public static string? TimeOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1
            ? time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : null;
}
