using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Perennial.Architecture.Tests.Rules;

/// <summary>Every refusal number is declared once and has one page.</summary>
internal static class RefusalRules
{
    private const string Reason = "RefusalReason";

    public static IEnumerable<Finding> DeclaredTwice(IEnumerable<SourceFile> sources) =>
        from declared in Declared(sources)
        group declared by declared.Number into same
        let first = same.First()
        from again in same.Skip(1)
        select new Finding(again.Source.Path, again.Line, $"{again.Number} is declared at {first.Source.Path}:{first.Line} too", "take the next free number");

    /// <summary>A page opens with number and name, and says title and remedy in the words of the source.</summary>
    public static IEnumerable<Finding> WithoutPage(IEnumerable<SourceFile> sources, IReadOnlyDictionary<string, string> pages) =>
        from declared in Declared(sources)
        let page = pages.GetValueOrDefault($"{declared.Number}.md", "")
        from missing in MissingFrom(page, declared.Number, declared.Texts)
        select new Finding(declared.Source.Path, declared.Line, $"docs/refusals/{declared.Number}.md does not say: {missing}", "write what is missing");

    /// <summary>Pages by file name: NNNN.md each, and the first line of each is a heading of its own.</summary>
    public static IEnumerable<Finding> Pages(IReadOnlyDictionary<string, string> pages)
    {
        var misnamed = from name in pages.Keys
                       where !IsPageName(name)
                       select new Finding($"docs/refusals/{name}", 1, "not named NNNN.md", "name the page by the refusal's number");
        var twice = from page in pages
                    group page by page.Value.Split('\n')[0].Trim() into same
                    from again in same.OrderBy(page => page.Key, StringComparer.Ordinal).Skip(1)
                    select new Finding($"docs/refusals/{again.Key}", 1, $"the heading '{same.Key}' is used twice", "one page for one refusal");
        return [.. misnamed, .. twice];
    }

    private static IEnumerable<string> MissingFrom(string page, int number, string[] texts)
    {
        var heading = $"# {number} {texts.FirstOrDefault()}";
        IEnumerable<string> missing = page.StartsWith(heading + "\n", StringComparison.Ordinal) ? [] : [heading];
        return missing.Concat(texts.Skip(1).Where(text => !page.Contains(text, StringComparison.Ordinal)));
    }

    private static IEnumerable<(int Number, string[] Texts, SourceFile Source, int Line)> Declared(IEnumerable<SourceFile> sources) =>
        from source in sources
        from made in source.Root.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>()
        where MakesReason(made)
        let literals = made.ArgumentList?.Arguments.Select(argument => argument.Expression).OfType<LiteralExpressionSyntax>().ToArray()
        where literals.FirstOrDefault().IsKind(SyntaxKind.NumericLiteralExpression)
        let texts = literals.Where(literal => literal.IsKind(SyntaxKind.StringLiteralExpression)).Select(literal => literal.Token.ValueText)
        select (int.Parse(literals[0].ToString(), CultureInfo.InvariantCulture), texts.ToArray(), source, SourceFile.LineOf(made));

    private static bool IsPageName(string name) =>
        name is "README.md" || (name.Length == 7 && name.EndsWith(".md", StringComparison.Ordinal) && name[..4].All(char.IsAsciiDigit));

    /// <summary><c>new RefusalReason(…)</c>, or <c>new(…)</c> where a field or a property says that it is one.</summary>
    private static bool MakesReason(BaseObjectCreationExpressionSyntax made) => made is ObjectCreationExpressionSyntax named
        ? named.Type.ToString() == Reason
        : made.Ancestors().TakeWhile(node => node is not TypeDeclarationSyntax).Any(DeclaresReason);

    private static bool DeclaresReason(SyntaxNode node) => node switch
    {
        PropertyDeclarationSyntax property => property.Type.ToString() == Reason,
        BaseFieldDeclarationSyntax field => field.Declaration.Type.ToString() == Reason,
        _ => false,
    };
}
