using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;
using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>The registry of device identities over HTTPS (hub-protocol §4.1 to §4.5).</summary>
internal static class RegistryEndpoints
{
    private const int MaxListed = 1000;

    public static async Task<HubReply> GetAsync(HubCall call)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        return await call.Hub.Devices.FindAsync(id, call.Aborted) is { } device ? await ShowAsync(call, device) : NotFound(id);
    }

    /// <summary>Ends the connections of a device, which may come back at once.</summary>
    public static async Task<HubReply> DisconnectAsync(HubCall call, DisconnectDevice disconnect)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        return await call.Hub.Devices.FindAsync(id, call.Aborted) is { } device
            ? HubReply.Of(new DisconnectedDocument { Connections = await disconnect.RunAsync(call.Hub, device.Id, call.Actor, call.Aborted) })
            : NotFound(id);
    }

    public static async Task<HubReply> ListAsync(HubCall call)
    {
        var devices = await call.Hub.Devices.ListAsync(null, (int)call.Number("top", MaxListed, 1, MaxListed), call.Aborted);
        var waiting = await call.CountWaitingAsync([.. devices.Select(device => device.Id)]);
        return new HubReply
        {
            Body = WireJson.ToUtf8Array([.. devices.Select(device =>
                DeviceDocuments.From(device, call.Hub.Sessions.StateOf(device.Id), waiting.GetValueOrDefault(device.Id)))]),
        };
    }

    /// <summary>Creates without If-Match, updates with it.</summary>
    public static async Task<HubReply> PutAsync(HubCall call, AnswerIdentityImpact impact)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        var (document, unreadable) = await call.ReadAsync<DeviceIdentityDocument>();
        if (document is null)
        {
            return unreadable!;
        }

        if (!DeviceDocuments.TryRead(document, id, out var requested, out var message) || (id.IsSystem && call.IfMatch.IsMissing))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, message ?? "Ids with a leading $ belong to the system.");
        }

        if (AnswerImpact.IsAsked(call.Context))
        {
            return await PreviewAsync(call, requested, impact);
        }

        var write = call.IfMatch.IsMissing
            ? await call.Hub.Create.RunAsync(requested, call.Actor, call.Aborted)
            : await call.Hub.Save.RunAsync(requested, Expected(call.IfMatch), call.Actor, call.Aborted);
        return write is DeviceWrite.Saved saved ? await ShowAsync(call, saved.Device) : Fault(id, write)!;
    }

    public static async Task<HubReply> DeleteAsync(HubCall call, AnswerIdentityImpact impact)
    {
        if (!call.TryGetDevice(out var id, out var fault))
        {
            return fault;
        }

        if (call.IfMatch.IsMissing)
        {
            return HubReply.Fail(HubError.PreconditionFailed, "Etag missing");
        }

        if (AnswerImpact.IsAsked(call.Context))
        {
            var (change, planned) = await PlanIdentity.OfDeleteAsync(call.Hub, id, Expected(call.IfMatch), call.Aborted);
            return change is null ? Fault(id, planned) ?? NotFound(id) : await impact.RunAsync(call, [change]);
        }

        return Fault(id, await call.Hub.Delete.RunAsync(id, Expected(call.IfMatch), call.Actor, call.Aborted)) ?? HubReply.NoContent;
    }

    /// <summary>What a write would do to the device.</summary>
    public static async Task<HubReply> PreviewAsync(HubCall call, RequestedDevice requested, AnswerIdentityImpact impact)
    {
        var (change, planned) = await PlanIdentity.OfWriteAsync(call.Hub, requested, call.IfMatch.IsMissing, Expected(call.IfMatch), call.Aborted);
        return change is null ? Fault(requested.Id, planned)! : await impact.RunAsync(call, [change]);
    }

    public static async Task<HubReply> CountAsync(HubCall call)
    {
        var counts = await call.Hub.Devices.CountAsync(call.Aborted);
        return HubReply.Of(new DeviceStatisticsDocument
        {
            TotalDeviceCount = counts.Total,
            EnabledDeviceCount = counts.Enabled,
            DisabledDeviceCount = counts.Disabled,
        });
    }

    public static Task<HubReply> CountConnectedAsync(HubCall call) =>
        Task.FromResult(HubReply.Of(new ServiceStatisticsDocument { ConnectedDeviceCount = call.Hub.Sessions.All.Count(session => !session.Id.IsModule) }));

    public static HubReply NotFound(DeviceId id) =>
        HubReply.Fail(id.IsModule ? HubError.ModuleNotFound : HubError.DeviceNotFound, id.Value);

    /// <summary>The ETag that is asked for; null for any.</summary>
    public static string? Expected(ETag ifMatch) => ifMatch.IsMissing || ifMatch.IsAny ? null : ifMatch.Value;

    /// <summary>What is answered to a write that was not made; null for one that was.</summary>
    public static HubReply? Fault(DeviceId id, DeviceWrite write) => write switch
    {
        DeviceWrite.Saved or DeviceWrite.Deleted => null,
        DeviceWrite.AlreadyExists => HubReply.Fail(id.IsModule ? HubError.ModuleAlreadyExists : HubError.DeviceAlreadyExists, id.Value),
        DeviceWrite.NotFound => NotFound(id),
        DeviceWrite.NoDevice => NotFound(id.Owner),
        DeviceWrite.TooManyModules => HubReply.Fail(HubError.TooManyModules, $"A device has at most {DeviceIdentity.MaxModules} modules."),
        DeviceWrite.PreconditionFailed => HubReply.Fail(HubError.PreconditionFailed, "The ETag is not the stored one."),
        _ => throw new InvalidOperationException($"Unknown outcome {write.GetType().Name}."),
    };

    private static async Task<HubReply> ShowAsync(HubCall call, DeviceIdentity device) => HubReply.Of(
        DeviceDocuments.From(device, call.Hub.Sessions.StateOf(device.Id), await call.CountWaitingAsync(device.Id)), device.ETag);
}
