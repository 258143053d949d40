using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Perennial.Server.Connections;
using Perennial.Server.Notices;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Hubs;
using Perennial.Server.Tests.Instances;
using Perennial.X509;

namespace Perennial.Server.Tests.Webhooks;

/// <summary>Notices from a served instance to a real HTTPS server, and the rules that make them.</summary>
public sealed class NoticeTests
{
    private const string Version = "api-version=2021-10-01";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_notice_arrives_signed_with_both_keys_and_comes_again_until_it_is_taken()
    {
        var (taken, headers) = (new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously), new List<IHeaderDictionary>());
        await using var server = await WebhookServer.StartAsync((context, number) =>
        {
            headers.Add(new HeaderDictionary(context.Request.Headers.ToDictionary()));
            context.Response.StatusCode = number == 1 ? 503 : 204;
            if (number == 2)
            {
                taken.SetResult("");
            }

            return Task.CompletedTask;
        });
        await using var instance = await OpenAsync(server);
        using var client = new ServiceClient(instance);
        var body = JsonSerializer.Serialize(new { url = server.Url, kinds = new[] { "roll.state" } });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/webhooks/ops?{Version}", body)).Status);
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Post, $"/webhooks/ops/test?{Version}")).Status);
        await taken.Task.WaitAsync(TimeSpan.FromMinutes(1), Stop);

        var (_, _, shown) = await client.AskAsync(HttpMethod.Get, $"/webhooks/ops?{Version}");
        Assert.False(shown.TryGetProperty("primaryKey", out _));
        var (_, _, keys) = await client.AskAsync(HttpMethod.Post, $"/webhooks/ops/keys?{Version}");
        var sent = server.Requests[1][server.Requests[1].IndexOf('{', StringComparison.Ordinal)..];
        Assert.Equal("test", JsonDocument.Parse(sent).RootElement.GetProperty("type").GetString());
        Assert.Equal(headers[0]["webhook-id"], headers[1]["webhook-id"]);
        foreach (var name in (string[])["primaryKey", "secondaryKey"])
        {
            var key = Convert.FromBase64String(keys.GetProperty(name).GetString()!["whsec_".Length..]);
            var signed = Encoding.UTF8.GetBytes($"{headers[1]["webhook-id"]}.{headers[1]["webhook-timestamp"]}.{sent}");
            Assert.Contains("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)), headers[1]["webhook-signature"].ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("delivered", await StateAsync(client));
    }

    [Fact]
    public async Task A_webhook_within_the_network_is_not_reached_unless_the_operator_allows_it()
    {
        await using var server = await WebhookServer.SayingAsync("ok");
        await using var instance = await OpenAsync(server, allows: false);
        using var client = new ServiceClient(instance);
        var body = JsonSerializer.Serialize(new { url = server.Url, kinds = new[] { "roll.state" } });
        await client.AskAsync(HttpMethod.Put, $"/webhooks/ops?{Version}", body);
        await client.AskAsync(HttpMethod.Post, $"/webhooks/ops/test?{Version}");
        string? fault;
        do
        {
            fault = (await client.AskAsync(HttpMethod.Get, $"/webhooks/ops/deliveries?{Version}")).Body[0].TryGetProperty("fault", out var told) ? told.GetString() : null;
            await Task.Yield();
        }
        while (fault is null);
        Assert.Contains("localhost", fault, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData("""{"url":"https://a.example/","kinds":["nothing"]}""", "'nothing' is no kind")]
    [InlineData("""{"url":"https://a.example/","kind":[]}""", "cannot be read")]
    [InlineData("[", "cannot be read")]
    public async Task A_webhook_that_cannot_be_is_told_why(string body, string part)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        var (status, _, error) = await client.AskAsync(HttpMethod.Put, $"/webhooks/ops?{Version}", body);
        Assert.Equal(400, status);
        Assert.Contains(part, error.GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_delivery_is_tried_ten_times_over_three_days()
    {
        var start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var delivery = new Delivery("ops", new Notice("msg_1", "s", NoticeKind.Test, start, "{}"), DeliveryState.Waiting, 0, start, null);
        while (delivery.State == DeliveryState.Waiting)
        {
            delivery = delivery.After("It answered 500.", delivery.Due);
        }

        Assert.Equal((DeliveryState.GivenUp, 10), (delivery.State, delivery.Tries));
        Assert.InRange(delivery.Due - start, TimeSpan.FromDays(2.9), TimeSpan.FromDays(3.1));
    }

    [Fact]
    public void A_burst_is_told_once_until_it_is_over()
    {
        var burst = new RefusalBurst();
        Assert.False(burst.Begins(99, 0));
        Assert.True(burst.Begins(100, 0));
        Assert.False(burst.Begins(5000, 100));
        Assert.False(burst.Begins(40, 5000));
        Assert.False(burst.Begins(1000, 11_000));
        Assert.True(burst.Begins(5001, 11_000));
    }

    [Fact]
    public void Overdue_devices_are_news_when_they_are_the_first_or_many_more()
    {
        var (rise, now) = (new OverdueRise(), new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.False(rise.IsNews(0, now));
        Assert.True(rise.IsNews(10, now));
        Assert.False(rise.IsNews(12, now));
        Assert.True(rise.IsNews(12, now.AddDays(1)));
        Assert.True(rise.IsNews(18, now.AddDays(1)));
        Assert.False(rise.IsNews(0, now.AddDays(1)));
        Assert.True(rise.IsNews(1, now.AddDays(1)));
    }

    [Fact]
    public void Recent_refusals_are_those_of_the_minutes_that_are_asked_for() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[1, 3]).Array[0, 60].Sample(steps =>
        {
            var time = new CountingTime();
            var (recent, noted) = (new RecentRefusals(time), new List<(long Minute, int Reason)>());
            foreach (var (seconds, reason) in steps)
            {
                time.Advance(TimeSpan.FromSeconds(seconds));
                recent.Note(new RefusalReason(1000 + reason, $"reason-{reason}", "A title.", "A remedy."));
                noted.Add((Minute(time), 1000 + reason));
            }

            foreach (var (from, until) in (ReadOnlySpan<(int, int)>)[(4, 0), (59, 5), (0, 0), (59, 0)])
            {
                var expected = noted.Where(entry => entry.Minute >= Minute(time) - from && entry.Minute <= Minute(time) - until)
                    .CountBy(entry => entry.Reason).Select(count => (count.Key, (long)count.Value)).Order();
                Assert.Equal(expected, recent.Count(from, until).Select(count => (count.Key, count.Value)).Order());
            }
        });

    private static long Minute(TimeProvider time) => time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;

    private static async Task<string?> StateAsync(ServiceClient client)
    {
        while (true)
        {
            var state = (await client.AskAsync(HttpMethod.Get, $"/webhooks/ops/deliveries?{Version}")).Body[0].GetProperty("state").GetString();
            if (state != "waiting")
            {
                return state;
            }

            await Task.Yield();
        }
    }

    private static async Task<ServedInstance> OpenAsync(WebhookServer server, bool allows = true)
    {
        var roots = Path.Combine(Directory.CreateTempSubdirectory("perennial-roots-").FullName, "roots.pem");
        await File.WriteAllTextAsync(roots, server.Root.CertificatePem, Stop);
        return await ServedInstance.Open(
            TimeProvider.System,
            change: options => options with { OutgoingTrust = roots, WebhookNetworks = allows ? ["127.0.0.0/8"] : [] }).StartAsync();
    }
}
