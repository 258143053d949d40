namespace Perennial.Server.Tables;

/// <summary>Lines of comma-separated values (RFC 4180) that may be opened in a spreadsheet.</summary>
internal static class TableLine
{
    private const string FormulaStarts = "=+-@\t\r";

    /// <summary>The fields as one line, without its end. A field that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string Of(params IEnumerable<string?> fields) => string.Join(',', fields.Select(Field));

    private static string Field(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var safe = FormulaStarts.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"'\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
