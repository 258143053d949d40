using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.X509.Tests.Limbo;

/// <summary>The corpus, found beside the repository; its absence is told, not hidden.</summary>
public sealed record LimboCorpus
{
    private const string FileName = "x509-limbo.json";

    [JsonPropertyName("testcases")]
    public IReadOnlyList<LimboCase> Cases { get; init; } = [];

    public static LimboCorpus? TryLoad()
    {
        var path = Find();
        if (path is null)
        {
            return null;
        }

        using var stream = File.OpenRead(path);
        return JsonSerializer.Deserialize<LimboCorpus>(stream);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PERENNIAL_CORPORA") is { Length: > 0 } given)
        {
            return Path.Combine(given, FileName) is var path && File.Exists(path) ? path : null;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "corpora", FileName);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
