using Dapper;
using Perennial.Hub.Devices;
using Perennial.Server.Storage.Sql;

namespace Perennial.Storage.Tests.Suites;

/// <summary>A database that an earlier version filled holds, once it is opened, what this version would have written.</summary>
public abstract class MigrationSuite
{
    private readonly Func<SqlDatabase> _open;

    private protected MigrationSuite(Func<SqlDatabase> open) => _open = open;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hubs_whose_identities_have_credentials_of_their_own_are_noted_of_devices_that_were_there_before()
    {
        IReadOnlyList<string> written;
        await using (var database = _open())
        {
            await FillAsync(database);
            written = await HubsAsync(database);
            await BeforeAsync(
                database,
                62,
                "DROP INDEX sighted_device_key",
                "UPDATE device_chain SET hub = '' WHERE hub LIKE '% own'",
                "DELETE FROM device_chain WHERE hub = '' AND device NOT LIKE 'seen%'");
            Assert.Equal(["follows east", "seen-alone ", "seen-differs ", "seen-own "], await HubsAsync(database));
        }

        await using var again = _open();
        Assert.Equal(["follows east", "plain west own", "seen-alone ", "seen-differs ", "seen-own west own", "told east own"], await HubsAsync(again));
        Assert.Equal(written, await HubsAsync(again));
    }

    // One device follows its enrollment under another id, which somebody made by hand elsewhere; modules and disabled identities are nobody's hub.
    private static async Task FillAsync(SqlDatabase database)
    {
        var (east, west) = (new DeviceStore(database, "east", TimeProvider.System), new DeviceStore(database, "west", TimeProvider.System));
        foreach (var seen in new[] { "seen-alone", "seen-differs", "seen-own" })
        {
            await database.WriteAsync(session => session.Connection.Execute($"INSERT INTO device_chain (device, name, hub, standing) VALUES ('{seen}', '{seen}', '', 1)"), Stop);
        }

        var follows = new DeviceCredential.FollowsEnrollment("Follows", new EnrollmentReference(IsGroup: true, "line"), DeviceCredential.SymmetricKeys.Mint());
        await MakeAsync(east, HubSamples.Device("seen-differs", credential: follows));
        await MakeAsync(west, HubSamples.Device("FOLLOWS", credential: DeviceCredential.SymmetricKeys.Mint()));
        await MakeAsync(west, HubSamples.Device("Plain", credential: DeviceCredential.SymmetricKeys.Mint()));
        await MakeAsync(west, HubSamples.Device("Plain/module", credential: DeviceCredential.SymmetricKeys.Mint()));
        await MakeAsync(west, HubSamples.Device("Seen-Own", credential: HubSamples.Thumbprints(new string('a', 64), null)));
        await MakeAsync(west, HubSamples.Device("seen-alone") with { IsEnabled = false });
        await MakeAsync(east, HubSamples.Device("told", credential: new DeviceCredential.CertificateAuthority()) with { StatusReason = "\"kind\":\"enrollment\"" });
    }

    private static async Task MakeAsync(DeviceStore hub, DeviceIdentity device) => Assert.True(await hub.TryCreateAsync(device, "test", Stop));

    // Puts the schema and the rows back as they were before a migration.
    private static Task BeforeAsync(SqlDatabase database, int migration, params IReadOnlyList<string> undo) => database.WriteAsync(
        session => undo.Append($"DELETE FROM migration WHERE number = {migration}").Sum(sql => session.Connection.Execute(sql)), Stop);

    private static Task<List<string>> HubsAsync(SqlDatabase database) => database.ReadAsync(
        session => session.Connection.Query<string>("SELECT device || ' ' || hub FROM device_chain ORDER BY device").AsList(), Stop);
}
