using Perennial.Server.Instances;

namespace Perennial.Server.Backups;

/// <summary>Which files of a data folder a backup holds, by names relative to it.</summary>
internal static class BackupFiles
{
    public const string Manifest = "manifest.json";

    public const string Database = "perennial.db";

    private const string Keys = "keys";

    /// <summary>Everything but the database, its password, locks and drafts.</summary>
    public static IReadOnlyList<string> Of(Instance instance) =>
    [
        .. from folder in new[] { string.Empty, Keys }
           from path in Directory.EnumerateFiles(Path.Combine(instance.Folder, folder))
           let name = Path.Combine(folder, Path.GetFileName(path))
           where IsKept(name) && !path.StartsWith(instance.Database.Text, StringComparison.Ordinal)
           orderby name
           select name,
    ];

    /// <summary>Whether an entry of a backup may be written into a data folder.</summary>
    public static bool IsAllowed(string name)
    {
        var parts = name.Split('/');
        return Array.TrueForAll(parts, IsPlain) && (parts.Length == 1 || (parts.Length == 2 && parts[0] == Keys));
    }

    private static bool IsPlain(string part) =>
        part.Length is > 0 and < 128 && part[0] != '.' && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static bool IsKept(string name) =>
        IsAllowed(name)
        && !name.EndsWith(".lock", StringComparison.Ordinal)
        && !name.EndsWith(".new", StringComparison.Ordinal)
        && !name.EndsWith(".password", StringComparison.Ordinal)
        && !name.StartsWith(Database, StringComparison.Ordinal)
        && name != Manifest;
}
