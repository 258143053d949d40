using System.Globalization;

namespace Perennial.Server.Imports;

/// <summary>What came of one row.</summary>
internal sealed record ImportResult(long Line, string Id, ImportVerdict Verdict, string Detail)
{
    public const string Header = "line,registrationId,result,detail";

    /// <summary>The result as a line of CSV.</summary>
    public string ToCsv() => string.Create(
        CultureInfo.InvariantCulture, $"{Line},{Quote(Id)},{(Verdict switch { ImportVerdict.Created => "created", ImportVerdict.Unchanged => "unchanged", _ => "refused" })},{Quote(Detail)}");

    // A cell that begins like a formula is quoted with an apostrophe, since these files are opened in spreadsheets.
    private static string Quote(string text)
    {
        var plain = text.ReplaceLineEndings(" ");
        var safe = plain.Length > 0 && "=+-@".Contains(plain[0], StringComparison.Ordinal) ? "'" + plain : plain;
        return safe.AsSpan().IndexOfAny(',', '"', '\'') < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
