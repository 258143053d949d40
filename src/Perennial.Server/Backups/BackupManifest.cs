namespace Perennial.Server.Backups;

/// <summary>The last entry of a backup: what it holds.</summary>
internal sealed record BackupManifest
{
    public required DateTimeOffset Made { get; init; }

    public required string IdScope { get; init; }

    /// <summary>SHA-256 of each file, by name.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Rows of each table.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }
}
