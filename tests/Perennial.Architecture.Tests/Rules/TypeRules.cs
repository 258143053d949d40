using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Perennial.Architecture.Tests.Rules;

/// <summary>Rules about how many types a file holds and where they live.</summary>
internal static class TypeRules
{
    public static IEnumerable<Finding> OnePerFile(SourceFile source)
    {
        var types = TopLevel(source).ToArray();
        return types.Length <= 1 || IsClosedFamily(types) || IsTypeWithEnums(types)
            ? []
            : [source.Found(types[1], $"{types.Length} top-level types: {string.Join(", ", types.Select(NameOf))}", "give each type its own file")];
    }

    public static IEnumerable<Finding> Namespaces(SourceFile source)
    {
        var expected = string.Join('.', [source.Project, .. source.Folders]);
        return from declared in source.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
               where !string.Equals(declared.Name.ToString(), expected, StringComparison.Ordinal)
               select source.Found(declared, $"namespace {declared.Name}", $"its folder says {expected}");
    }

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax declared => declared.Identifier.Text,
        DelegateDeclarationSyntax declared => declared.Identifier.Text,
        _ => type.Kind().ToString(),
    };

    private static IEnumerable<MemberDeclarationSyntax> TopLevel(SourceFile source) =>
        from member in source.Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
        where member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        select member;

    private static bool IsClosedFamily(MemberDeclarationSyntax[] types)
    {
        var records = types.OfType<RecordDeclarationSyntax>().ToArray();
        var roots = records.Where(record => record.Modifiers.Any(SyntaxKind.AbstractKeyword)).ToArray();
        return records.Length == types.Length && roots.Length == 1
            && records.All(record => record == roots[0] || SealedRule.BasesOf(record).Contains(NameOf(roots[0]), StringComparer.Ordinal));
    }

    private static bool IsTypeWithEnums(MemberDeclarationSyntax[] types) => types.Count(type => type is not EnumDeclarationSyntax) == 1;
}
