using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Server.Connections;

namespace Perennial.Server.Notices;

/// <summary>Looks whether there is something to tell, and stores notices of it.</summary>
/// <param name="expiring">The ends of certificates.</param>
/// <param name="refusals">The refusals of the last hour.</param>
/// <param name="overdue">Overdue devices as they were counted last; null when they were not counted yet.</param>
/// <param name="store">Where notices go.</param>
/// <param name="time">The clock.</param>
internal sealed class FindNews(IExpiringDays expiring, RecentRefusals refusals, Func<long?> overdue, IWebhookStore store, TimeProvider time)
{
    /// <summary>Notices are kept so long, told or not.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    private readonly RefusalBurst _burst = new();
    private readonly OverdueRise _rise = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await TellExpiringAsync(now, cancellationToken);
        await TellBurstAsync(now, cancellationToken);
        await TellOverdueAsync(now, cancellationToken);
        await store.ForgetAsync(now - Kept, cancellationToken);
    }

    private async Task TellExpiringAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (var day in await expiring.ListAsync(today, today.AddDays(ExpiringDay.Farthest), cancellationToken))
        {
            if (day.NoticeOn(today) is { } notice)
            {
                var date = day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                await RaiseAsync(NoticeKind.CertificateExpiring, $"{notice} days before {date}: {day.Kind}", now, new JsonObject
                {
                    ["kind"] = day.Kind,
                    ["endsOn"] = date,
                    ["withinDays"] = notice,
                    ["count"] = day.Count,
                    ["certificates"] = new JsonArray([.. day.Names.Select(name => JsonValue.Create(name))]),
                }, cancellationToken);
            }
        }
    }

    private async Task TellBurstAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var recent = refusals.Count(RefusalBurst.Minutes - 1);
        var before = refusals.Count(RefusalBurst.Minutes + RefusalBurst.Before - 1, RefusalBurst.Minutes);
        if (_burst.Begins(recent.Values.Sum(), before.Values.Sum()))
        {
            await RaiseAsync(NoticeKind.RefusalBurst, $"refusals at {now.UtcDateTime:O}", now, new JsonObject
            {
                ["minutes"] = RefusalBurst.Minutes,
                ["count"] = recent.Values.Sum(),
                ["hourBefore"] = before.Values.Sum(),
                ["byNumber"] = new JsonObject(recent.OrderByDescending(entry => entry.Value).Select(entry =>
                    KeyValuePair.Create(entry.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)JsonValue.Create(entry.Value)))),
            }, cancellationToken);
        }
    }

    private async Task TellOverdueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (overdue() is { } count && _rise.IsNews(count, now))
        {
            await RaiseAsync(
                NoticeKind.DeviceOverdue, $"{count} overdue on {now.UtcDateTime:yyyy-MM-dd}", now, new JsonObject { ["count"] = count }, cancellationToken);
        }
    }

    private Task<bool> RaiseAsync(NoticeKind kind, string subject, DateTimeOffset now, JsonObject data, CancellationToken cancellationToken) =>
        store.RaiseAsync(Notice.Create(kind, subject, now, data), only: null, cancellationToken);
}
