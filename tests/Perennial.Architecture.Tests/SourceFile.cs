using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Perennial.Architecture.Tests;

/// <summary>One C# file, parsed.</summary>
internal sealed class SourceFile
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14, DocumentationMode.None);

    private SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Root = CSharpSyntaxTree.ParseText(text, Options, path).GetCompilationUnitRoot();
    }

    /// <summary>Relative to the repository, with forward slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    public CompilationUnitSyntax Root { get; }

    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>The folder under src, tests or bench, which is the project's name.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>The folders below the project.</summary>
    public IReadOnlyList<string> Folders => Path.Split('/')[2..^1];

    public static SourceFile Parse(string path, string text) => new(path, text);

    public static int LineOf(SyntaxNodeOrToken node) => node.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1;

    public Finding Found(SyntaxNodeOrToken where, string figure, string remedy) => new(Path, LineOf(where), figure, remedy);
}
