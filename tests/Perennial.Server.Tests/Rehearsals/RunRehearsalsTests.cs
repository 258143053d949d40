using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Rolling.Rehearsals;
using Perennial.Server.Rehearsals;
using Perennial.Server.Tests.Hubs;

namespace Perennial.Server.Tests.Rehearsals;

/// <summary>Rehearsals that were interrupted with the service.</summary>
public sealed class RunRehearsalsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_was_interrupted_is_told_so_also_when_the_database_is_away_at_the_start()
    {
        var time = new CountingTime();
        var store = new AbsentStore(new Rehearsal
        {
            Roll = "spring",
            RollVersion = 1,
            Id = "left",
            State = RehearsalState.Running,
            Started = time.GetUtcNow(),
            Actor = "ann",
            Terms = new RehearsalTerms(),
        });
        using var run = new RunRehearsals(rolls: null!, store, scenes: null!, NullLogger<RunRehearsals>.Instance, time);
        await run.StartAsync(Stop);
        await store.Asked.WaitAsync(Stop);
        await time.SetAsync(1, Stop);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("left", RehearsalState.Failed), await store.Ended.WaitAsync(Stop));
        await run.StopAsync(Stop);
    }
}
