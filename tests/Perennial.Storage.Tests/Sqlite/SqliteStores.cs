using Dapper;
using Perennial.Hub.Devices;
using Perennial.Hub.Messages;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Sightings;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;
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

    internal override IAssignmentStore Assignments => new AssignmentStore(Time);

    internal override IKnownIssuerStore KnownIssuers => new KnownIssuerStore(_database);

    public override IDeviceStore Devices(string hub) => new DeviceStore(_database, hub, Time);

    public override ITwinStore Twins(string hub) => new TwinStore(_database, hub);

    public override ISubscriptionStore Subscriptions(string hub) => new SubscriptionStore(_database, hub);

    public override async Task<ITelemetryFeed> OpenFeedAsync(string hub, FeedLimits limits) => await TelemetryFeed.OpenAsync(_database, hub, limits);

    public override IReadOnlyList<string> Audit() =>
        _database.Read(session => session.Connection.Query<string>("SELECT actor || ' ' || action || ' ' || subject FROM audit ORDER BY number").AsList());

    public override IReadOnlyList<string> AuditDetails() =>
        _database.Read(session => session.Connection.Query<string>("SELECT coalesce(before, '') || coalesce(after, '') FROM audit ORDER BY number").AsList());

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
