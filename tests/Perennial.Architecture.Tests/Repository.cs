namespace Perennial.Architecture.Tests;

/// <summary>The files of this repository.</summary>
internal static class Repository
{
    private static readonly string[] CodeFolders = ["src", "tests", "bench"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Sources { get; } =
        [.. Files("*.cs").Select(path => SourceFile.Parse(path, File.ReadAllText(Path.Combine(Root, path))))];

    public static IReadOnlyList<SourceFile> Product { get; } = [.. Sources.Where(source => source.IsProduct)];

    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files("*.csproj").Select(path => ProjectFile.Parse(path, File.ReadAllText(Path.Combine(Root, path))))];

    private static IEnumerable<string> Files(string pattern) =>
        from folder in CodeFolders
        let path = Path.Combine(Root, folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Root, file).Replace('\\', '/')
        where !relative.Split('/').Any(part => part is "node_modules" or "obj" or "bin")
        orderby relative
        select relative;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Perennial.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository; no Perennial.slnx above them.");
    }
}
