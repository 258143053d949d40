using System.Text.RegularExpressions;

namespace Perennial.Server.Portal.Refusals;

/// <summary>Takes a paragraph of our documents apart into plain text, bold text and code.</summary>
internal static partial class MarkedParts
{
    public const string Bold = "bold";

    public const string Code = "code";

    private const string Link = "link";

    /// <summary>The parts in their order, each with <see cref="Bold"/>, <see cref="Code"/> or nothing. Of a link the text stays.</summary>
    public static IEnumerable<(string Text, string Mark)> Of(string paragraph)
    {
        var at = 0;
        foreach (Match match in Marks().Matches(paragraph))
        {
            yield return (paragraph[at..match.Index], string.Empty);
            var mark = match.Groups[Bold].Success ? Bold : match.Groups[Code].Success ? Code : Link;
            yield return (match.Groups[mark].Value, mark);
            at = match.Index + match.Length;
        }

        yield return (paragraph[at..], string.Empty);
    }

    [GeneratedRegex(@"\*\*(?<bold>[^*]+)\*\*|`(?<code>[^`]+)`|\[(?<link>[^\]]+)\]\([^)]*\)")]
    private static partial Regex Marks();
}
