using Dapper;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Sightings;
using Perennial.Server.Storage.Sqlite;
using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

/// <summary>A SQLite file in a folder of its own.</summary>
public sealed class SqliteStores : Stores
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-");
    private readonly SqliteDatabase _database;

    public SqliteStores()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder.FullName, "perennial.db"), Time);
        Enrollments = new EnrollmentStore(_database, Time);
        Registrations = new RegistrationStore(_database, Time);
        Sightings = new SightingStore(_database);
    }

    public override IEnrollmentStore Enrollments { get; }

    public override IRegistrationStore Registrations { get; }

    public override ISightingStore Sightings { get; }

    public override IReadOnlyList<string> Audit() =>
        _database.Read(session => session.Connection.Query<string>("SELECT actor || ' ' || action || ' ' || subject FROM audit ORDER BY number").AsList());

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
