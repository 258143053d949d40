using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Perennial.Hub.Access;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.X509;

namespace Perennial.Server.Http;

/// <summary>The HTTPS paths of the hubs (hub-protocol §2, §4.1). The Host header tells hubs apart; only the feed's path names one.</summary>
internal static class HubEndpoints
{
    /// <param name="routes">Where to map them.</param>
    /// <param name="hubs">The hubs.</param>
    /// <param name="disconnect">Ends connections of devices.</param>
    /// <param name="impact">Answers what a change would do.</param>
    /// <param name="note">Told of each refusal and who was refused.</param>
    /// <param name="time">The clock.</param>
    public static void MapHubs(this IEndpointRouteBuilder routes, ServedHubs hubs, DisconnectDevice disconnect, AnswerIdentityImpact impact, Action<Refusal, string> note, TimeProvider time)
    {
        var gate = new HubGate(hubs, note, time);
        routes.MapGet("/devices", gate.Allow(HubPermissions.RegistryRead, RegistryEndpoints.ListAsync, HubOperation.Registry));
        routes.MapPost("/devices", gate.Allow(HubPermissions.RegistryWrite, call => BulkEndpoint.RunAsync(call, impact), HubOperation.Registry));
        routes.MapGet("/devices/{id}", gate.Allow(HubPermissions.RegistryRead, RegistryEndpoints.GetAsync, HubOperation.Registry));
        routes.MapPut("/devices/{id}", gate.Allow(HubPermissions.RegistryWrite, call => RegistryEndpoints.PutAsync(call, impact), HubOperation.Registry));
        routes.MapDelete("/devices/{id}", gate.Allow(HubPermissions.RegistryWrite, call => RegistryEndpoints.DeleteAsync(call, impact), HubOperation.Registry));
        routes.MapPost("/devices/{id}/disconnect", gate.Allow(HubPermissions.RegistryWrite, one => RegistryEndpoints.DisconnectAsync(one, disconnect), HubOperation.Registry));
        routes.MapGet("/devices/{id}/modules", gate.Allow(HubPermissions.RegistryRead, ModuleEndpoints.ListAsync, HubOperation.Registry));
        routes.MapGet("/devices/{id}/modules/{module}", gate.Allow(HubPermissions.RegistryRead, ModuleEndpoints.GetAsync, HubOperation.Registry));
        routes.MapPut("/devices/{id}/modules/{module}", gate.Allow(HubPermissions.RegistryWrite, call => ModuleEndpoints.PutAsync(call, impact), HubOperation.Registry));
        routes.MapDelete("/devices/{id}/modules/{module}", gate.Allow(HubPermissions.RegistryWrite, call => RegistryEndpoints.DeleteAsync(call, impact), HubOperation.Registry));
        routes.MapGet("/statistics/devices", gate.Allow(HubPermissions.RegistryRead, RegistryEndpoints.CountAsync, HubOperation.Registry));
        routes.MapGet("/statistics/service", gate.Allow(HubPermissions.RegistryRead, RegistryEndpoints.CountConnectedAsync, HubOperation.Registry));
        routes.MapPost("/devices/query", gate.Allow(HubPermissions.ServiceConnect, QueryEndpoint.RunAsync, HubOperation.Query));
        routes.MapGet("/twins/{id}", gate.Allow(HubPermissions.ServiceConnect, TwinEndpoints.GetAsync, HubOperation.TwinRead));
        routes.MapPatch("/twins/{id}", gate.Allow(HubPermissions.ServiceConnect, TwinEndpoints.PatchAsync, HubOperation.TwinUpdate));
        routes.MapPut("/twins/{id}", gate.Allow(HubPermissions.ServiceConnect, TwinEndpoints.PutAsync, HubOperation.TwinUpdate));
        routes.MapGet("/twins/{id}/modules/{module}", gate.Allow(HubPermissions.ServiceConnect, TwinEndpoints.GetAsync, HubOperation.TwinRead));
        routes.MapPatch("/twins/{id}/modules/{module}", gate.Allow(HubPermissions.ServiceConnect, TwinEndpoints.PatchAsync, HubOperation.TwinUpdate));
        routes.MapPut("/twins/{id}/modules/{module}", gate.Allow(HubPermissions.ServiceConnect, TwinEndpoints.PutAsync, HubOperation.TwinUpdate));
        routes.MapPost("/twins/{id}/methods", gate.Allow(HubPermissions.ServiceConnect, MethodEndpoint.RunAsync, HubOperation.Method));
        routes.MapPost("/twins/{id}/modules/{module}/methods", gate.Allow(HubPermissions.ServiceConnect, MethodEndpoint.RunAsync, HubOperation.Method));
        JobEndpoints.Map(routes, gate, time);
        UnsupportedEndpoints.Map(routes, gate);
        routes.MapGet("/hubs/{hub}/telemetry", gate.AllowNamed(HubPermissions.ServiceConnect, FeedEndpoint.ReadAsync));
        MapFeedback(routes, gate);
        MapDevices(routes, new DeviceGate(hubs, note, time), time);
    }

    private static void MapFeedback(IEndpointRouteBuilder routes, HubGate gate)
    {
        routes.MapDelete("/devices/{id}/commands", gate.Allow(HubPermissions.ServiceConnect, FeedbackEndpoints.PurgeAsync));
        routes.MapDelete("/devices/{id}/modules/{module}/commands", gate.Allow(HubPermissions.ServiceConnect, FeedbackEndpoints.PurgeAsync));
        routes.MapGet("/messages/serviceBound/feedback", gate.Allow(HubPermissions.ServiceConnect, FeedbackEndpoints.ReceiveAsync));
        routes.MapDelete("/messages/serviceBound/feedback/{lock}", gate.Allow(HubPermissions.ServiceConnect, FeedbackEndpoints.CompleteAsync));
        routes.MapPost("/messages/serviceBound/feedback/{lock}/abandon", gate.Allow(HubPermissions.ServiceConnect, FeedbackEndpoints.AbandonAsync));
    }

    private static void MapDevices(IEndpointRouteBuilder routes, DeviceGate gate, TimeProvider time)
    {
        routes.MapPost("/devices/{id}/messages/events", gate.Allow(call => TelemetryEndpoint.SendAsync(call, time)));
        routes.MapGet("/devices/{id}/messages/devicebound", gate.Allow(DeviceboundEndpoints.ReceiveAsync));
        routes.MapDelete("/devices/{id}/messages/devicebound/{lock}", gate.Allow(DeviceboundEndpoints.SettleAsync));
        routes.MapPost("/devices/{id}/messages/devicebound/{lock}/abandon", gate.Allow(DeviceboundEndpoints.AbandonAsync));
        routes.MapPost("/devices/{id}/files", gate.Allow(FileEndpoints.RefuseAsync));
        routes.MapPost("/devices/{id}/files/notifications", gate.Allow(FileEndpoints.RefuseAsync));
        routes.MapPost("/devices/{id}/files/notifications/{correlation}", gate.Allow(FileEndpoints.RefuseAsync));
    }
}
