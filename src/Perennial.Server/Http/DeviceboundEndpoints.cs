using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Hub.Devicebound;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;

namespace Perennial.Server.Http;

/// <summary>Messages to devices over HTTPS (hub-protocol §2.2).</summary>
internal static class DeviceboundEndpoints
{
    private const string LockTimeout = "iothub-messagelocktimeout";
    private const string ContentType = "application/octet-stream";

    public static async Task<HubReply> ReceiveAsync(DeviceCall call)
    {
        var messages = await call.Hub.Receive.LockAsync(call.Id, 1, LockTime(call.Context.Request), call.Aborted);
        return messages is [var one] ? Show(one) : HubReply.NoContent;
    }

    /// <summary>Completes; with <c>reject</c> in the query, rejects.</summary>
    public static Task<HubReply> SettleAsync(DeviceCall call) =>
        SettleAsync(call, call.Context.Request.Query.ContainsKey("reject") ? Settlement.Reject : Settlement.Complete);

    public static Task<HubReply> AbandonAsync(DeviceCall call) => SettleAsync(call, Settlement.Abandon);

    private static async Task<HubReply> SettleAsync(DeviceCall call, Settlement settlement) =>
        Guid.TryParse((string?)call.Context.Request.RouteValues["lock"], out var lockToken)
            && await call.Hub.Settle.ByLockAsync(call.Id, lockToken, settlement, call.Aborted)
                ? HubReply.NoContent
                : HubReply.Fail(HubError.DeviceMessageLockLost, "The lock of the message has ended, or the message is gone.");

    private static HubReply Show(ReceivedMessage received)
    {
        var properties = DeviceboundContent.PropertiesOf(received.Message)
            .With(SystemProperty.To, DeviceboundContent.AddressOf(received.Message.Device));
        return new HubReply
        {
            Body = received.Message.Body,
            ContentType = ContentType,
            ETag = received.Entry.Lock!.Value.ToString("D"),
            Headers =
            [
                .. MessageHeaders.Write(properties),
                new("iothub-sequencenumber", received.Entry.Number.ToString(CultureInfo.InvariantCulture)),
                new("iothub-enqueuedtime", WireTime.Format(received.Message.Enqueued)),
                new("iothub-deliverycount", received.Entry.Deliveries.ToString(CultureInfo.InvariantCulture)),
            ],
        };
    }

    private static TimeSpan? LockTime(HttpRequest request)
    {
        var text = request.Headers[LockTimeout] is { Count: > 0 } header ? header : request.Query[LockTimeout];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
    }
}
