using System.Text.Json.Nodes;
using Perennial.Rolling.Rolls;
using Perennial.Server.Notices;
using Perennial.TestCertificates;

namespace Perennial.Storage.Tests.Suites;

/// <summary>Webhooks, and what is told to them.</summary>
public abstract class WebhookStoreSuite(SqlStores stores) : IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SaveWebhook Save => new(stores.Webhooks);

    private DateTimeOffset Now => stores.Time.GetUtcNow();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_keeps_its_keys_when_it_is_changed_and_rolls_them_one_at_a_time()
    {
        var made = await SaveAsync("ops", "certificate.expiring");
        var changed = await SaveAsync("ops", "refusal.burst", "roll.state");
        Assert.Equal(made.PrimaryKey.ToArray(), changed.PrimaryKey.ToArray());
        Assert.Equal(NoticeKind.RefusalBurst | NoticeKind.RollState, (await stores.Webhooks.FindAsync("ops", Stop))!.Kinds);
        var rolled = Assert.IsType<WebhookOutcome.Saved>(await Save.RollKeysAsync("ops", "op", Stop)).Webhook;
        Assert.Equal(made.SecondaryKey.ToArray(), rolled.PrimaryKey.ToArray());
        Assert.NotEqual(made.SecondaryKey.ToArray(), rolled.SecondaryKey.ToArray());
        Assert.Equal(["op webhook.create webhook 'ops'", "op webhook.save webhook 'ops'", "op webhook.save webhook 'ops'"], stores.Audit());
        Assert.All(stores.AuditDetails(), details =>
        {
            Assert.DoesNotContain("secret", details, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(made.PrimaryKey.Span), details, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("Ops", "https://a.example/", "roll.state", "name")]
    [InlineData("ops", "http://a.example/", "roll.state", "HTTPS")]
    [InlineData("ops", "https://u:p@a.example/", "roll.state", "user name")]
    [InlineData("ops", "https://a.example/", "roll.stats", "'roll.stats' is no kind")]
    [InlineData("ops", "https://a.example/", "test", "'test' is no kind")]
    public async Task What_a_webhook_cannot_be_is_told(string name, string url, string kind, string part) => Assert.Contains(
        part,
        Assert.IsType<WebhookOutcome.Invalid>(await Save.RunAsync(new WebhookDraft(name, url, [kind], true), null, "op", Stop)).Sentence,
        StringComparison.Ordinal);

    [Fact]
    public async Task A_change_needs_the_ETag_that_was_seen()
    {
        var made = await SaveAsync("ops", "roll.state");
        await SaveAsync("ops", "roll.state");
        var draft = new WebhookDraft("ops", "https://a.example/", ["roll.state"], true);
        Assert.IsType<WebhookOutcome.ETagMismatch>(await Save.RunAsync(draft, made.ETag, "op", Stop));
        Assert.IsType<WebhookOutcome.ETagMismatch>(await Save.RunAsync(draft with { Name = "new" }, made.ETag, "op", Stop));
    }

    [Fact]
    public async Task A_notice_goes_once_to_each_enabled_webhook_that_wants_its_kind()
    {
        await SaveAsync("a", "roll.state");
        await SaveAsync("b", "refusal.burst");
        await Save.RunAsync(new WebhookDraft("c", "https://a.example/", ["roll.state"], false), null, "op", Stop);
        Assert.True(await stores.Webhooks.RaiseAsync(Notice("roll 1 runs"), null, Stop));
        Assert.False(await stores.Webhooks.RaiseAsync(Notice("roll 1 runs"), null, Stop));
        var due = Assert.Single(await stores.Webhooks.DueAsync(Now, 4, Stop));
        Assert.Equal(("a", "roll 1 runs", 0), (due.Webhook, due.Notice.Subject, due.Tries));
        Assert.True(await stores.Webhooks.RaiseAsync(Notice("test of b", NoticeKind.Test), "b", Stop));
        Assert.Equal(["a", "b"], (await stores.Webhooks.DueAsync(Now, 4, Stop)).Select(delivery => delivery.Webhook).Order());
    }

    [Fact]
    public async Task What_was_not_taken_comes_again_later_and_what_was_taken_does_not()
    {
        await SaveAsync("a", "roll.state");
        await stores.Webhooks.RaiseAsync(Notice("first"), null, Stop);
        var due = Assert.Single(await stores.Webhooks.DueAsync(Now, 4, Stop));
        await stores.Webhooks.NoteAsync(due.After("It answered 500.", Now), Stop);
        Assert.Empty(await stores.Webhooks.DueAsync(Now, 4, Stop));
        stores.Time.Advance(TimeSpan.FromSeconds(5));
        var again = Assert.Single(await stores.Webhooks.DueAsync(Now, 4, Stop));
        Assert.Equal((1, "It answered 500."), (again.Tries, again.Fault));
        await stores.Webhooks.NoteAsync(again.After(null, Now), Stop);
        stores.Time.Advance(TimeSpan.FromDays(30));
        Assert.Empty(await stores.Webhooks.DueAsync(Now, 4, Stop));
        var told = Assert.Single(await stores.Webhooks.DeliveriesAsync("a", 10, Stop));
        Assert.Equal((DeliveryState.Delivered, 2), (told.State, told.Tries));
    }

    [Fact]
    public async Task One_webhook_that_waits_for_much_leaves_room_for_the_others()
    {
        await SaveAsync("a", "roll.state");
        await SaveAsync("b", "refusal.burst");
        foreach (var number in Enumerable.Range(0, 9))
        {
            await stores.Webhooks.RaiseAsync(Notice($"roll {number}"), null, Stop);
        }

        await stores.Webhooks.RaiseAsync(Notice("burst", NoticeKind.RefusalBurst), null, Stop);
        var due = await stores.Webhooks.DueAsync(Now, 4, Stop);
        Assert.Equal((4, 1), (due.Count(delivery => delivery.Webhook == "a"), due.Count(delivery => delivery.Webhook == "b")));
    }

    [Fact]
    public async Task A_deleted_webhook_is_told_no_more_and_old_notices_are_forgotten()
    {
        await SaveAsync("a", "roll.state");
        await SaveAsync("b", "roll.state");
        await stores.Webhooks.RaiseAsync(Notice("first"), null, Stop);
        Assert.True(await stores.Webhooks.DeleteAsync("a", "op", Stop));
        Assert.False(await stores.Webhooks.DeleteAsync("a", "op", Stop));
        Assert.Equal("b", Assert.Single(await stores.Webhooks.DueAsync(Now, 4, Stop)).Webhook);
        await stores.Webhooks.ForgetAsync(Now.AddSeconds(1), Stop);
        Assert.Empty(await stores.Webhooks.DeliveriesAsync("b", 10, Stop));
        Assert.True(await stores.Webhooks.RaiseAsync(Notice("first"), null, Stop));
    }

    [Fact]
    public async Task A_roll_that_changes_its_state_is_told_in_the_same_transaction()
    {
        await SaveAsync("a", "roll.state");
        var roll = new Roll { Id = "roll-1", Kind = RollKind.Leaf, Reason = RollReason.Expiration, Plan = new RollPlan(), State = RollState.Draft, Created = Now };
        Assert.True(await stores.Rolls.TryCreateAsync(roll, [], "op", Stop));
        Assert.True(await stores.Rolls.TryChangeAsync(roll with { State = RollState.Running }, "start", "op", Stop));
        Assert.False(await stores.Rolls.TryChangeAsync(roll with { State = RollState.Running }, "start", "op", Stop));
        var told = Assert.Single(await stores.Webhooks.DueAsync(Now, 4, Stop)).Notice;
        Assert.Equal(("roll roll-1, change 1", NoticeKind.RollState), (told.Subject, told.Kind));
        Assert.Contains("\"state\":\"Running\"", told.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_that_end_are_found_by_day_with_their_names()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("dev-01", new() { NotBefore = Now.AddDays(-1), NotAfter = Now.AddDays(7).AddHours(1) });
        using var far = TestAuthority.CreateSelfSignedLeaf("dev-02", new() { NotBefore = Now.AddDays(-1), NotAfter = Now.AddDays(60) });
        await stores.Enrollments.SaveAsync(Samples.Individual("dev-01", "1", leaf.Certificate), null, "op", Stop);
        await stores.Enrollments.SaveAsync(Samples.Individual("dev-02", "1", far.Certificate), null, "op", Stop);
        var today = DateOnly.FromDateTime(Now.UtcDateTime);
        var day = Assert.Single(await stores.ExpiringDays.ListAsync(today, today.AddDays(ExpiringDay.Farthest), Stop));
        Assert.Equal(("enrollment certificate", today.AddDays(7), 1), (day.Kind, day.Day, day.Count));
        Assert.Equal(["individual dev-01"], day.Names);
        Assert.Equal(7, day.NoticeOn(today));
        Assert.Equal(30, day.NoticeOn(today.AddDays(-1)));
        Assert.Equal(1, day.NoticeOn(today.AddDays(7)));
        Assert.Null(day.NoticeOn(today.AddDays(8)));
        Assert.Null(day.NoticeOn(today.AddDays(-24)));
    }

    private Notice Notice(string subject, NoticeKind kind = NoticeKind.RollState) =>
        Perennial.Server.Notices.Notice.Create(kind, subject, Now, new JsonObject { ["a"] = 1 });

    private async Task<Webhook> SaveAsync(string name, params string[] kinds) => Assert.IsType<WebhookOutcome.Saved>(
        await Save.RunAsync(new WebhookDraft(name, "https://a.example/hook?secret=1", kinds, true), null, "op", Stop)).Webhook;
}
