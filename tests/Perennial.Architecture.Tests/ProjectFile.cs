using System.Xml.Linq;

namespace Perennial.Architecture.Tests;

/// <summary>One csproj: what it refers to.</summary>
internal sealed class ProjectFile
{
    private readonly XDocument _document;

    private ProjectFile(string path, string text)
    {
        Path = path;
        _document = XDocument.Parse(text);
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string AssemblyName => _document.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Name;

    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>Project names, without path.</summary>
    public IEnumerable<string> ProjectReferences =>
        Includes("ProjectReference").Select(path => System.IO.Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

    public IEnumerable<string> PackageReferences => Includes("PackageReference");

    public IEnumerable<string> FrameworkReferences =>
        Includes("FrameworkReference").Concat(UsesWebSdk ? ["Microsoft.AspNetCore.App"] : []);

    private bool UsesWebSdk => _document.Root?.Attribute("Sdk")?.Value.EndsWith(".Web", StringComparison.Ordinal) == true;

    public static ProjectFile Parse(string path, string text) => new(path, text);

    private IEnumerable<string> Includes(string item) =>
        _document.Descendants(item).Select(element => element.Attribute("Include")?.Value ?? "").Where(include => include.Length > 0);
}
