namespace Perennial.Bench.Results;

/// <summary>The section of <c>docs/performance.md</c> that this bench writes; the rest of the page is left alone.</summary>
internal static class PerformancePage
{
    private const string Begin = "<!-- provisioning: written by the bench -->";
    private const string End = "<!-- provisioning: end -->";

    public static string Write(string section)
    {
        var path = Path.Combine(FindRoot(), "docs", "performance.md");
        var page = File.ReadAllText(path);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{path} has no place for the figures: '{Begin}' … '{End}'.");
        }

        File.WriteAllText(path, $"{page[..begin]}{Begin}\n{section.ReplaceLineEndings("\n").Trim()}\n{page[end..]}");
        return path;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Perennial.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The bench runs inside the repository; no Perennial.slnx above it.");
    }
}
