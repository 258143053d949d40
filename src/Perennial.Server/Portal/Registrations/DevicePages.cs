using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Provisioning;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Hubs;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Registrations;

/// <summary>The page of one device, and what is done with the device there.</summary>
internal sealed class DevicePages(FindDevice find, IRegistrationStore registrations, ServedHubs hubs, DisconnectDevice disconnect) : IPortalPages
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(DevicePaths.Pattern, ShowAsync);
        routes.Form(DevicePaths.Pattern + "/disconnect", DisconnectAsync, UserRole.Operator);
        routes.Form(DevicePaths.Pattern + "/enabled", SaveEnabledAsync, UserRole.Operator);
        routes.Form(DevicePaths.Pattern + "/delete", DeleteAsync, UserRole.Operator);
    }

    private async Task<IResult> ShowAsync(HttpContext context) => await find.RunAsync(Id(context), context.RequestAborted) is { } device
        ? PortalReply.Page<DevicePage>(device with
        {
            MayChange = PortalUser.May(context.User, UserRole.Operator),
            Done = context.Request.Query["done"].ToString() switch
            {
                "disconnected" => "Its connections were ended. It may connect again.",
                "not-connected" => "It was not connected.",
                "enabled" => "The identity on the hub was enabled.",
                "disabled" => "The identity on the hub was disabled, and its connections were ended.",
                _ => null,
            },
        })
        : NotFound();

    private async Task<IResult> DisconnectAsync(HttpContext context)
    {
        if (await HeldAsync(context) is not var (hub, identity))
        {
            return NotFound();
        }

        var ended = await disconnect.RunAsync(hub, identity.Id, PortalUser.ActorOf(context.User), context.RequestAborted);
        return Back(context, ended > 0 ? "disconnected" : "not-connected");
    }

    private async Task<IResult> SaveEnabledAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (await HeldAsync(context) is not var (hub, identity))
        {
            return NotFound();
        }

        var isEnabled = form["enabled"] == "yes";
        var next = RequestedDevice.Of(identity) with { IsEnabled = isEnabled };
        var outcome = await hub.Save.RunAsync(next, form["etag"], PortalUser.ActorOf(context.User), context.RequestAborted);
        return outcome is DeviceWrite.Saved ? Back(context, isEnabled ? "enabled" : "disabled") : Changed();
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var held = form["identity"] == "yes" ? await HeldAsync(context) : null;
        var actor = PortalUser.ActorOf(context.User);
        if (RegistrationId.TryParse(Id(context), out var id))
        {
            var etag = form["etag"].ToString() is { Length: > 0 } text ? text : null;
            if (await registrations.DeleteAsync(id, etag, actor, context.RequestAborted) == DeleteOutcome.ETagMismatch)
            {
                return Changed();
            }
        }

        if (held is var (hub, identity))
        {
            await hub.Delete.RunAsync(identity.Id, etag: null, actor, CancellationToken.None);
        }

        return PortalReply.SeeOther($"{PortalNavigation.Registrations}?done=deleted");
    }

    private async Task<(ServedHub Hub, DeviceIdentity Identity)?> HeldAsync(HttpContext context) =>
        await find.RunAsync(Id(context), context.RequestAborted) is { Identity: { } identity, Hub: { } host } && hubs.FindByHost(host) is { } hub
            ? (hub, identity)
            : null;

    private static IResult Back(HttpContext context, string done) => PortalReply.SeeOther($"{DevicePaths.Of(Id(context))}?done={done}");

    private static IResult NotFound() => PortalReply.NotFound("There is no such device: it never registered, no hub here has its identity, and nothing of it was seen.");

    private static IResult Changed() => PortalReply.Message(
        StatusCodes.Status409Conflict, "It was changed meanwhile", "Somebody or the device itself changed it since the page was loaded. Nothing was changed. Go back, load the page again, and see.");

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
