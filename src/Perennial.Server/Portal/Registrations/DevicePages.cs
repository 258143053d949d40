using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Hub.Devices;
using Perennial.Hub.Registry;
using Perennial.Provisioning;
using Perennial.Server.Audit;
using Perennial.Server.Breach;
using Perennial.Server.Hubs;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Registrations;

/// <summary>The page of one device, and what is done with the device there.</summary>
internal sealed class DevicePages(
    FindDevice find, DeleteRegistration delete, ServedHubs hubs, DisconnectDevice disconnect, PreviewIdentities preview, IAuditNotes notes) : IPortalPages
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
        if (await hub.Save.PlanAsync(next, form["etag"], context.RequestAborted) is not DeviceWrite.Saved { Device: var planned })
        {
            return Changed();
        }

        var losing = await ImpactAsync(hub, new IdentityChange(identity, planned), context.RequestAborted);
        if (!isEnabled && IsInTheWay(form, losing, out var missing))
        {
            return await ReviewAsync(context, new DeviceReview("enabled", "disabled", losing, missing) { Fields = [("etag", identity.ETag), ("enabled", "no")] });
        }

        var actor = PortalUser.ActorOf(context.User);
        if (await hub.Save.RunAsync(next, form["etag"], actor, context.RequestAborted) is not DeviceWrite.Saved)
        {
            return Changed();
        }

        await NoteAsync(form, losing, actor, context.RequestAborted);
        return Back(context, isEnabled ? "enabled" : "disabled");
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var held = form["identity"] == "yes" ? await HeldAsync(context) : null;
        var actor = PortalUser.ActorOf(context.User);
        var losing = held is var (on, doomed) ? await ImpactAsync(on, new IdentityChange(doomed, null), context.RequestAborted) : null;
        if (losing is not null && IsInTheWay(form, losing, out var missing))
        {
            return await ReviewAsync(context, new DeviceReview("delete", "deleted", losing, missing) { Fields = [("etag", form["etag"].ToString()), ("identity", "yes")] });
        }

        if (RegistrationId.TryParse(Id(context), out var id))
        {
            var etag = form["etag"].ToString() is { Length: > 0 } text ? text : null;
            var (outcome, fault) = await delete.RunAsync(id, etag, held?.Hub, actor, context.RequestAborted);
            if (fault is not null)
            {
                return PortalReply.Message(StatusCodes.Status409Conflict, "It was not deleted", fault);
            }

            if (outcome == DeleteOutcome.ETagMismatch)
            {
                return Changed();
            }
        }

        if (held is var (hub, identity))
        {
            await hub.Delete.RunAsync(identity.Id, etag: null, actor, CancellationToken.None);
            await NoteAsync(form, losing, actor, CancellationToken.None);
        }

        return PortalReply.SeeOther($"{PortalNavigation.Registrations}?done=deleted");
    }

    private async Task<ImpactModel> ImpactAsync(ServedHub hub, IdentityChange change, CancellationToken cancellationToken)
    {
        var impact = await preview.RunAsync(CheckedHub.Of(hub), [change], cancellationToken);
        return new ImpactModel(impact.Summary, impact.Summary.Counts.Losing > 0 ? impact.Devices : []);
    }

    private static bool IsInTheWay(IFormCollection form, ImpactModel impact, out string? missing)
    {
        missing = null;
        return impact.Counts.Losing + impact.Counts.Unknown > 0
            && (LossForm.IsToBeShown(form, impact) || (missing = LossForm.FaultOf(form, impact)) is not null);
    }

    private async Task<IResult> ReviewAsync(HttpContext context, DeviceReview review) => await find.RunAsync(Id(context), context.RequestAborted) is { } device
        ? PortalReply.Page<DevicePage>(device with { MayChange = true, Review = review }, review.Fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity)
        : NotFound();

    private async Task NoteAsync(IFormCollection form, ImpactModel? losing, string actor, CancellationToken cancellationToken)
    {
        if (losing is not null && LossForm.NoteOf(form, losing, losing.Summary.Change) is { } note)
        {
            await notes.NoteAsync(actor, "impact.accept", note, cancellationToken);
        }
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
