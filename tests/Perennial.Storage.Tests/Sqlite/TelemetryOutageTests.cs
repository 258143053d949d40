using Microsoft.Extensions.Time.Testing;
using Perennial.Hub.Messages;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Storage.Sqlite;
using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests.Sqlite;

public sealed class TelemetryOutageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_message_after_an_outage_does_not_share_the_fate_of_one_in_it()
    {
        await using var database = new IntermittentDatabase(SqliteDatabase.Open(Path.Combine(_folder.FullName, "perennial.db"), new FakeTimeProvider()));
        var feed = await TelemetryFeed.OpenAsync(database, "hub", FeedLimits.Default);
        database.IsAway = true;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => feed.AppendAsync([HubSamples.Message("pump", 1)], Stop));

        database.IsAway = false;
        Assert.Equal(1, await feed.AppendAsync([HubSamples.Message("pump", 2)], Stop));
    }

    /// <summary>A database that refuses writes, before it begins them, while it is away.</summary>
    private sealed class IntermittentDatabase(SqlDatabase database) : SqlDatabase
    {
        public bool IsAway { get; set; }

        public override Task<T> ReadAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) => database.ReadAsync(work, cancellationToken);

        public override Task<T> WriteAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken) =>
            IsAway ? Task.FromException<T>(new StorageUnavailableException("away", null)) : database.WriteAsync(work, cancellationToken);

        public override ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
