using System.Globalization;

namespace Perennial.Bench.Results;

/// <summary>The sections of <c>docs/performance.md</c> that the benches write; the rest of the page is left alone.</summary>
internal static class PerformancePage
{
    /// <summary>Shows the figures, and writes them to the page when they are not from a quick look.</summary>
    public static void Report(string name, string section, bool isQuick)
    {
        var taken = string.Create(
            CultureInfo.InvariantCulture, $"{section.Trim()}\nTaken {TimeProvider.System.GetUtcNow():yyyy-MM-dd} on {Machine.Describe()}.\n");
        Console.WriteLine(taken);
        if (!isQuick)
        {
            Console.WriteLine($"Written to {Write(name, taken)}");
        }
    }

    /// <param name="name">The section, as its marks in the page call it.</param>
    /// <param name="section">What it says from now on.</param>
    public static string Write(string name, string section)
    {
        var path = Path.Combine(FindRoot(), "docs", "performance.md");
        var page = File.ReadAllText(path);
        var (beginning, ending) = ($"<!-- {name}: written by the bench -->", $"<!-- {name}: end -->");
        var (begin, end) = (page.IndexOf(beginning, StringComparison.Ordinal), page.IndexOf(ending, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidOperationException($"{path} has no place for the figures: '{beginning}' … '{ending}'.");
        }

        File.WriteAllText(path, $"{page[..begin]}{beginning}\n{section.ReplaceLineEndings("\n").Trim()}\n{page[end..]}");
        return path;
    }

    public static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Perennial.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The bench runs inside the repository; no Perennial.slnx above it.");
    }
}
