using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Perennial.Architecture.Tests.Rules;

/// <summary>Rules about methods, constructors, accessors, operators, local functions and top-level statements.</summary>
internal static class MethodRules
{
    public const int MaxLines = 80;
    public const int MaxNesting = 3;

    public static IEnumerable<Finding> Lines(SourceFile source) =>
        from method in Methods(source)
        let lines = LengthOf(method)
        where lines > MaxLines
        select source.Found(method, $"{NameOf(method)} has {lines} lines of at most {MaxLines}", "name its steps and make them methods");

    public static IEnumerable<Finding> Nesting(SourceFile source) =>
        from method in Methods(source).Append(source.Root)
        let deepest = Deepest(method)
        where deepest.Depth > MaxNesting
        select source.Found(
            deepest.Node,
            $"{NameOf(method)} nests {deepest.Depth} deep of at most {MaxNesting}",
            "return early, or make the inner block a method");

    public static IEnumerable<int> Lengths(SourceFile source) => Methods(source).Select(LengthOf);

    private static int LengthOf(SyntaxNode method)
    {
        var span = method.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static IEnumerable<SyntaxNode> Methods(SourceFile source) =>
        source.Root.DescendantNodes().Where(IsMethod);

    private static bool IsMethod(SyntaxNode node) =>
        node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax;

    private static (SyntaxNode Node, int Depth) Deepest(SyntaxNode method) => method
        .DescendantNodes(inner => inner == method || !(IsMethod(inner) || inner is TypeDeclarationSyntax))
        .Where(Nests)
        .Select(node => (node, node.Ancestors().TakeWhile(outer => outer != method).Count(Nests) + 1))
        .DefaultIfEmpty((method, 0))
        .MaxBy(found => found.Item2);

    /// <summary>A block opened by a condition, a loop, a guard or a lock; "else if" goes on at the level of its "if".</summary>
    private static bool Nests(SyntaxNode node) => node switch
    {
        IfStatementSyntax => node.Parent is not ElseClauseSyntax,
        UsingStatementSyntax => node.Parent is not UsingStatementSyntax,
        ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax => true,
        SwitchStatementSyntax or TryStatementSyntax or LockStatementSyntax or FixedStatementSyntax => true,
        _ => false,
    };

    private static string NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        CompilationUnitSyntax => "the file's top level",
        _ => node.Kind().ToString(),
    };
}
