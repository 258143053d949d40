using System.Globalization;
using Perennial.Hub.Queries;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Provisioning.Enrollments;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>Queries over HTTPS (hub-protocol §8.1).</summary>
internal static class QueryEndpoint
{
    private const int DefaultSize = 100;

    public static async Task<HubReply> RunAsync(HubCall call)
    {
        var (document, unreadable) = await call.ReadAsync<QuerySpecification>();
        if (document is null)
        {
            return unreadable!;
        }

        if (!Query.TryParse(document.Query, out var query, out var fault))
        {
            return Refuse(fault);
        }

        if (!TryReadCursor(call, out var cursor))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, "BadRequest: x-ms-continuation is none of this hub's; begin again without it.");
        }

        if (!call.Hub.Query.Reads(query.Source))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, "BadRequest: this hub has no such rows.");
        }

        return await call.Hub.Query.RunAsync(query, cursor, SizeOf(call), call.Aborted) switch
        {
            QueryOutcome.Page page => new HubReply
            {
                Body = QueryResults.ToUtf8(page.Items, await CountWaitingAsync(call, page)),
                Continuation = page.Next?.ToString(),
                ItemType = !query.IsAll ? ItemType.Raw : query.Source == QuerySource.Jobs ? ItemType.DeviceJob : ItemType.Twin,
            },
            QueryOutcome.Refused refused => Refuse(refused.Fault),
            var other => throw new InvalidOperationException($"Unknown outcome {other.GetType().Name}."),
        };
    }

    /// <summary>The page size that is asked for; what cannot be read means the usual one.</summary>
    public static int SizeOf(HubCall call) =>
        int.TryParse(call.Context.Request.Headers[WireHeader.MaxItemCount], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) && asked > 0
            ? Math.Min(asked, QueryLimits.MaxPage)
            : DefaultSize;

    public static bool TryReadCursor(HubCall call, [NotNullWhen(true)] out QueryCursor? cursor)
    {
        string? text = call.Context.Request.Headers[WireHeader.Continuation];
        cursor = QueryCursor.Start;
        return string.IsNullOrEmpty(text) || QueryCursor.TryParse(text, out cursor);
    }

    private static Task<IReadOnlyDictionary<DeviceId, int>> CountWaitingAsync(HubCall call, QueryOutcome.Page page) =>
        call.CountWaitingAsync([.. page.Items.OfType<QueryResult.Whole>().Select(item => item.Row).OfType<TwinRow>().Select(row => row.Device.Id)]);

    private static HubReply Refuse(QueryFault fault) => HubReply.Fail(HubError.ArgumentInvalid, $"BadRequest: {fault}");
}
