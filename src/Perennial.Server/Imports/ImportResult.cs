using System.Globalization;
using Perennial.Server.Tables;

namespace Perennial.Server.Imports;

/// <summary>What came of one row.</summary>
internal sealed record ImportResult(long Line, string Id, ImportVerdict Verdict, string Detail)
{
    public const string Header = "line,registrationId,result,detail";

    /// <summary>The result as a line of CSV.</summary>
    public string ToCsv() => TableLine.Of(Line.ToString(CultureInfo.InvariantCulture), Id.ReplaceLineEndings(" "), Word, Detail.ReplaceLineEndings(" "));

    private string Word => Verdict switch { ImportVerdict.Created => "created", ImportVerdict.Unchanged => "unchanged", _ => "refused" };
}
