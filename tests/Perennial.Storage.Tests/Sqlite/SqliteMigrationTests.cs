using Perennial.Server.Storage.Sqlite;
using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class SqliteMigrationTests : MigrationSuite, IDisposable
{
    private readonly DirectoryInfo _folder;

    public SqliteMigrationTests()
        : this(Directory.CreateTempSubdirectory("perennial-"))
    {
    }

    private SqliteMigrationTests(DirectoryInfo folder)
        : base(() => SqliteDatabase.Open(Path.Combine(folder.FullName, "perennial.db"), TimeProvider.System)) => _folder = folder;

    public void Dispose() => _folder.Delete(recursive: true);
}
