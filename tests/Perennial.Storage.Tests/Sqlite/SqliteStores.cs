using Perennial.Server.Storage.Sqlite;
using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

/// <summary>A SQLite file in a folder of its own.</summary>
public sealed class SqliteStores : SqlStores
{
    private readonly DirectoryInfo _folder;

    public SqliteStores()
        : this(Directory.CreateTempSubdirectory("perennial-"))
    {
    }

    private SqliteStores(DirectoryInfo folder)
        : base(time => SqliteDatabase.Open(Path.Combine(folder.FullName, "perennial.db"), time)) => _folder = folder;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
