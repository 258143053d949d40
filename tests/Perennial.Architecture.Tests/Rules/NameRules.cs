using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Perennial.Architecture.Tests.Rules;

/// <summary>Rules about words: names that say nothing, and the verbs that "roll" replaces.</summary>
internal static partial class NameRules
{
    private static readonly HashSet<string> EmptyWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "Common", "Shared", "Helper", "Helpers", "Manager", "Managers", "Service", "Services", "Interfaces", "Util", "Utils", "Info", "Data",
    };

    private static readonly HashSet<string> OtherVerbs = new(StringComparer.OrdinalIgnoreCase)
    {
        "renew", "renews", "renewed", "renewal", "renewing",
        "rotate", "rotates", "rotated", "rotation", "rotating",
        "refresh", "refreshes", "refreshed", "refreshing",
    };

    /// <summary>Names that Azure put on the wire.</summary>
    private static readonly HashSet<string> WireWords = new(StringComparer.Ordinal) { "X509CertificateInfo" };

    public static IEnumerable<Finding> Folders(SourceFile source) =>
        from folder in source.Folders
        where EmptyWords.Contains(folder)
        select new Finding(source.Path, 1, $"folder {folder}", "name the folder by its noun of the field");

    public static IEnumerable<Finding> Types(SourceFile source) =>
        from type in source.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        let name = TypeRules.NameOf(type)
        where EmptyWords.Contains(Words(name).LastOrDefault(name)) && !WireWords.Contains(name) && !IsBackgroundService(type)
        select source.Found(type, $"type {name}", "name it by what it does (a verb phrase) or what it is (a noun of the field)");

    public static IEnumerable<Finding> Verbs(SourceFile source) =>
        from member in source.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where member.Modifiers.Any(SyntaxKind.PublicKeyword) || member.Parent is InterfaceDeclarationSyntax or EnumDeclarationSyntax
        from name in NamesOf(member)
        where !WireWords.Contains(name) && Words(name).Any(OtherVerbs.Contains)
        select source.Found(member, name, "the word for replacing certificates is roll");

    private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        MethodDeclarationSyntax method => [method.Identifier.Text],
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        EventDeclarationSyntax declared => [declared.Identifier.Text],
        EnumMemberDeclarationSyntax value => [value.Identifier.Text],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        DelegateDeclarationSyntax declared => [declared.Identifier.Text],
        _ => [],
    };

    private static bool IsBackgroundService(MemberDeclarationSyntax type) =>
        type is TypeDeclarationSyntax declared && SealedRule.BasesOf(declared).Contains("BackgroundService", StringComparer.Ordinal);

    private static IEnumerable<string> Words(string name) => Word().Matches(name).Select(match => match.Value);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();
}
