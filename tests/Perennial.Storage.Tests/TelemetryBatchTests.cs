using Perennial.Server.Storage.Sql;
using Perennial.Storage.Tests.Suites;

namespace Perennial.Storage.Tests;

public sealed class TelemetryBatchTests
{
    [Fact]
    public void Nothing_joins_a_batch_that_is_being_written_and_it_is_the_same_when_written_again()
    {
        var batch = new TelemetryBatch();
        Assert.True(batch.TryJoin([HubSamples.Message("a"), HubSamples.Message("b")], out var end));
        Assert.Equal(2, end);

        var first = batch.Close().ToList();

        Assert.False(batch.TryJoin([HubSamples.Message("c")], out _));
        Assert.Equal(first, batch.Close());
        Assert.Equal(first.Sum(each => (long)each.Size), batch.Bytes);
    }

    [Fact]
    public void A_full_batch_takes_nothing_more()
    {
        var batch = new TelemetryBatch();
        while (batch.Count < TelemetryBatch.MaxMessages)
        {
            Assert.True(batch.TryJoin([HubSamples.Message("a")], out _));
        }

        Assert.False(batch.TryJoin([HubSamples.Message("a")], out _));
    }
}
