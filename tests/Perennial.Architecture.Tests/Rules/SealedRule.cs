using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Perennial.Architecture.Tests.Rules;

/// <summary>Every class is sealed or static, or abstract with at least one heir among the sources.</summary>
internal static class SealedRule
{
    public static IEnumerable<Finding> Check(IReadOnlyCollection<SourceFile> sources)
    {
        var inherited = sources.SelectMany(source => source.Root.DescendantNodes().OfType<TypeDeclarationSyntax>())
            .SelectMany(BasesOf).ToHashSet(StringComparer.Ordinal);
        return from source in sources
               from type in source.Root.DescendantNodes().OfType<TypeDeclarationSyntax>()
               where type.Kind() is SyntaxKind.ClassDeclaration or SyntaxKind.RecordDeclaration
               group (Source: source, Type: type) by (source.Project, FullName(type)) into parts
               let closed = parts.Any(part => Has(part.Type, SyntaxKind.SealedKeyword) || Has(part.Type, SyntaxKind.StaticKeyword))
               let isAbstract = parts.Any(part => Has(part.Type, SyntaxKind.AbstractKeyword))
               let name = parts.First().Type.Identifier.Text
               where !closed && !(isAbstract && inherited.Contains(name))
               let figure = isAbstract ? $"{name} is abstract and has no heir" : $"{name} is open"
               select parts.First().Source.Found(parts.First().Type, figure, "make it sealed or static");
    }

    /// <summary>The simple names of what a type derives from.</summary>
    public static IEnumerable<string> BasesOf(TypeDeclarationSyntax type) =>
        type.BaseList?.Types.Select(heir => SimpleName(heir.Type)) ?? [];

    private static string FullName(TypeDeclarationSyntax type) => string.Join(
        '.', type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Reverse().Select(part => part.Identifier.Text)
            .Prepend(type.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? ""));

    private static string SimpleName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => type.ToString(),
    };

    private static bool Has(TypeDeclarationSyntax type, SyntaxKind modifier) => type.Modifiers.Any(modifier);
}
