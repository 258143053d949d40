using Perennial.Hub.Devicebound;

namespace Perennial.Storage.Tests.Suites;

/// <summary>What every store of feedback does.</summary>
public abstract class FeedbackStoreSuite(Stores stores) : IAsyncDisposable
{
    private static readonly DeviceboundLimits Limits = DeviceboundLimits.Default;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => stores.Time.GetUtcNow();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task Records_wait_until_there_is_a_batch_or_the_first_is_old_enough()
    {
        await EndAsync(3);
        Assert.Null(await TakeAsync());
        stores.Time.Advance(Limits.FeedbackDelay);
        Assert.Equal(["0", "1", "2"], (await TakeAsync())!.Records.Select(record => record.MessageId));
        Assert.Null(await TakeAsync());
        await EndAsync(70);
        Assert.Equal(64, (await TakeAsync())!.Records.Count);
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task A_batch_that_is_not_completed_comes_again()
    {
        await EndAsync(2);
        stores.Time.Advance(Limits.FeedbackDelay);
        var first = (await TakeAsync())!;
        stores.Time.Advance(Limits.LockTime);
        var second = (await TakeAsync())!;
        Assert.Equal(first.Records, second.Records);
        Assert.False(await SettleAsync(first.Lock, isDone: true));
        Assert.True(await SettleAsync(second.Lock, isDone: false));
        var third = (await TakeAsync())!;
        Assert.Equal(first.Records, third.Records);
        Assert.True(await SettleAsync(third.Lock, isDone: true));
        Assert.False(await SettleAsync(third.Lock, isDone: true));
        stores.Time.Advance(Limits.LockTime);
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task What_nobody_fetches_goes()
    {
        await EndAsync(1);
        stores.Time.Advance(Limits.FeedbackDelay);
        await EndAsync(1);
        await stores.Feedback("hub").TrimAsync(Now, Stop);
        stores.Time.Advance(Limits.FeedbackDelay);
        Assert.Equal(Now - Limits.FeedbackDelay, Assert.Single((await TakeAsync())!.Records).At);
    }

    [Fact]
    public async Task Each_hub_has_feedback_of_its_own()
    {
        await EndAsync(1);
        stores.Time.Advance(Limits.FeedbackDelay);
        Assert.Null(await stores.Feedback("other").TakeAsync(Now, Limits.LockTime, Limits, Stop));
    }

    private Task<FeedbackBatch?> TakeAsync() => stores.Feedback("hub").TakeAsync(Now, Limits.LockTime, Limits, Stop);

    private Task<bool> SettleAsync(Guid lockToken, bool isDone) => stores.Feedback("hub").SettleAsync(lockToken, isDone, Now, Stop);

    /// <summary>So many messages end now.</summary>
    private Task EndAsync(int count) => stores.Devicebound("hub").ChangeAsync(
        HubSamples.Id("dev"),
        queue => new QueueChange(queue)
        {
            Feedback = [.. Enumerable.Range(0, count).Select(i => new MessageFeedback(
                queue.Device, "638000000000000000", $"{i}", MessageEnd.Success, Now))],
        },
        Stop);
}
