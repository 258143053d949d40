using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Perennial.Architecture.Tests.Rules;

/// <summary>Rules about a file as a whole.</summary>
internal static class FileRules
{
    public const int MaxLines = 400;
    public const int MaxFolders = 2;

    private static readonly string[] OpenEnds = ["TO" + "DO", "FIX" + "ME"];

    public static IEnumerable<Finding> Lines(SourceFile source)
    {
        var lines = source.Text.TrimEnd('\n').Split('\n').Length;
        return lines > MaxLines
            ? [new Finding(source.Path, lines, $"{lines} lines of at most {MaxLines}", "move one responsibility into a file of its own")]
            : [];
    }

    public static IEnumerable<Finding> Depth(SourceFile source) => source.Folders.Count > MaxFolders
        ? [new Finding(source.Path, 1, $"{source.Folders.Count} folders deep of at most {MaxFolders}", "move the file up")]
        : [];

    public static IEnumerable<Finding> Regions(SourceFile source) =>
        from trivia in source.Root.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia)
        select Found(source, trivia, "#region", "split the type, or let its members speak");

    public static IEnumerable<Finding> LeftOpen(SourceFile source) =>
        from trivia in source.Root.DescendantTrivia()
        where IsComment(trivia)
        from word in OpenEnds
        where trivia.ToString().Contains(word, StringComparison.Ordinal)
        select Found(source, trivia, word, "finish it; a comment states what is");

    private static Finding Found(SourceFile source, SyntaxTrivia trivia, string figure, string remedy) =>
        new(source.Path, trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1, figure, remedy);

    private static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is SyntaxKind.SingleLineCommentTrivia
        or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia
        or SyntaxKind.MultiLineDocumentationCommentTrivia;
}
