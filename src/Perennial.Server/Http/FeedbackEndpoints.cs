using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;
using Perennial.Server.Hubs;

namespace Perennial.Server.Http;

/// <summary>What a back end asks over HTTPS of messages to devices: purge a queue, fetch feedback (hub-protocol §4.1, §5.4).</summary>
internal static class FeedbackEndpoints
{
    public static async Task<HubReply> PurgeAsync(HubCall call)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        return await call.Hub.Purge.RunAsync(id, call.Aborted) is { } purged
            ? HubReply.Of(new PurgeResultDocument { TotalMessagesPurged = purged, DeviceId = id.Device, ModuleId = id.Module })
            : RegistryEndpoints.NotFound(id);
    }

    public static async Task<HubReply> ReceiveAsync(HubCall call) => await call.Hub.Feedback.TakeAsync(call.Aborted) is { } batch
        ? new HubReply
        {
            Body = WireJson.ToUtf8Array(FeedbackDocuments.From(batch)),
            ContentType = FeedbackDocument.ContentType,
            ETag = batch.Lock.ToString("D"),
        }
        : HubReply.NoContent;

    public static Task<HubReply> CompleteAsync(HubCall call) => SettleAsync(call, isDone: true);

    public static Task<HubReply> AbandonAsync(HubCall call) => SettleAsync(call, isDone: false);

    private static async Task<HubReply> SettleAsync(HubCall call, bool isDone) =>
        Guid.TryParse((string?)call.Context.Request.RouteValues["lock"], out var lockToken)
            && await call.Hub.Feedback.SettleAsync(lockToken, isDone, call.Aborted)
                ? HubReply.NoContent
                : HubReply.Fail(HubError.DeviceMessageLockLost, "The lock of the feedback has ended.");
}
