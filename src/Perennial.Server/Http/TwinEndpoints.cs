using System.Text.Json;
using Perennial.Hub.Twins;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>Twins over HTTPS (hub-protocol §4.4).</summary>
internal static class TwinEndpoints
{
    public static async Task<HubReply> GetAsync(HubCall call)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        return await call.Hub.Twins.FindAsync(id, call.Aborted) is { } twin ? await ShowAsync(call, twin) : RegistryEndpoints.NotFound(id);
    }

    public static Task<HubReply> PatchAsync(HubCall call) => ChangeAsync(
        call, (id, tags, desired, etag) => call.Hub.UpdateTwin.MergeAsync(id, tags, desired, etag, call.Aborted));

    public static Task<HubReply> PutAsync(HubCall call) => ChangeAsync(
        call, (id, tags, desired, etag) => call.Hub.UpdateTwin.ReplaceAsync(id, tags, desired, etag, call.Aborted));

    private static async Task<HubReply> ChangeAsync(HubCall call, Func<DeviceId, JsonElement?, JsonElement?, string?, Task<TwinChange?>> change)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        var (document, unreadable) = await call.ReadAsync<TwinChangeDocument>();
        if (document is null)
        {
            return unreadable!;
        }

        return await change(id, TwinDocuments.Tags(document), TwinDocuments.Desired(document), RegistryEndpoints.Expected(call.IfMatch)) switch
        {
            TwinChange.Changed changed => await ShowAsync(call, changed.Next),
            TwinChange.Refused { Fault: { Kind: TwinFaultKind.PreconditionFailed } stale } => HubReply.Fail(HubError.PreconditionFailed, stale.Message),
            TwinChange.Refused refused => HubReply.Fail(HubError.ArgumentInvalid, refused.Fault.Message),
            _ => RegistryEndpoints.NotFound(id),
        };
    }

    private static async Task<HubReply> ShowAsync(HubCall call, Twin twin) =>
        await call.Hub.Devices.FindAsync(twin.Id, call.Aborted) is { } device
            ? HubReply.Of(TwinDocuments.From(device, twin, call.Hub.Sessions.StateOf(twin.Id), await call.CountWaitingAsync(twin.Id)), twin.ETag)
            : RegistryEndpoints.NotFound(twin.Id);
}
