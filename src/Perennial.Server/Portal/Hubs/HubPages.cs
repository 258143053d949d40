using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning.Allocation;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Hubs;

/// <summary>The hubs that devices are given to, and the terms of each.</summary>
internal sealed class HubPages(LinkHubs links, ServedHubs served) : IPortalPages
{
    private const int MaxLinks = 50;
    private const string Pattern = PortalNavigation.Hubs + "/{host}";

    public static string PathOf(string hostName) => $"{PortalNavigation.Hubs}/{Uri.EscapeDataString(hostName)}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(PortalNavigation.Hubs, context => ListAsync(context, fault: null));
        routes.Form(PortalNavigation.Hubs, LinkAsync, UserRole.Administrator);
        routes.Page(Pattern, context => ShowAsync(context, fault: null));
        routes.Form(Pattern, SaveAsync, UserRole.Administrator);
        routes.Form(Pattern + "/unlink", UnlinkAsync, UserRole.Administrator);
    }

    private async Task<IResult> ListAsync(HttpContext context, string? fault) => PortalReply.Page<HubsPage>(
        new HubsModel
        {
            Hubs = await LinesAsync(context.RequestAborted),
            Policy = links.Document.AllocationPolicy.ToString(),
            MayChange = PortalUser.May(context.User, UserRole.Administrator),
            Done = context.Request.Query["done"].ToString() switch
            {
                "linked" => "The hub was linked: new devices are given to it by its weight from now on.",
                "saved" => "The terms of the link were saved; they count from the next registration on.",
                "unlinked" => "The hub was unlinked. Devices that it holds stay there until they register again.",
                _ => null,
            },
            Fault = fault,
        },
        fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private async Task<IResult> ShowAsync(HttpContext context, string? fault) =>
        (await LinesAsync(context.RequestAborted)).FirstOrDefault(line => string.Equals(line.HostName, Host(context), StringComparison.OrdinalIgnoreCase)) is { } line
            ? PortalReply.Page<HubPage>(
                new HubModel(line, PortalUser.May(context.User, UserRole.Administrator), fault),
                fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity)
            : NotFound();

    private async Task<IResult> LinkAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var fault = links.All.Count >= MaxLinks ? $"At most {MaxLinks} hubs can be linked." : null;
        if (fault is not null | !LinkedHubsFile.TryRead(form["connection"].ToString().Trim(), out var hub, out var unread))
        {
            return await ListAsync(context, fault ?? unread);
        }

        if (links.FindLink(hub!.Host) is not null)
        {
            return await ListAsync(context, $"The hub {hub.Host} is linked already; change it on its page.");
        }

        return await ChangeAsync(context, new LinkedHubDocument { HostName = hub.Host, ConnectionString = hub.Format() }, form, "linked");
    }

    private async Task<IResult> SaveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (links.FindLink(Host(context)) is not { } stored)
        {
            return NotFound();
        }

        var connection = form["connection"].ToString().Trim();
        if (connection.Length > 0)
        {
            if (!LinkedHubsFile.TryRead(connection, out var hub, out var fault))
            {
                return await ShowAsync(context, fault);
            }

            if (links.IsLocal(stored.HostName) || !string.Equals(hub.Host, stored.HostName, StringComparison.OrdinalIgnoreCase))
            {
                return await ShowAsync(context, $"The connection string is of '{hub.Host}', and this hub is {stored.HostName}.");
            }

            stored = stored with { ConnectionString = hub.Format() };
        }

        return await ChangeAsync(context, stored, form, "saved");
    }

    private async Task<IResult> ChangeAsync(HttpContext context, LinkedHubDocument link, IFormCollection form, string done)
    {
        if (!int.TryParse(form["weight"], NumberStyles.None, CultureInfo.InvariantCulture, out var weight) || weight is < HubLink.MinWeight or > HubLink.MaxWeight)
        {
            var fault = $"The weight is a number from {HubLink.MinWeight} to {HubLink.MaxWeight}.";
            return done == "linked" ? await ListAsync(context, fault) : await ShowAsync(context, fault);
        }

        var next = link with { AllocationWeight = weight, ApplyAllocationPolicy = form["applies"] == "yes" };
        await links.ChangeAsync(stored => LinkedHubsFile.With(stored, next), PortalUser.ActorOf(context.User), context.RequestAborted);
        return PortalReply.SeeOther($"{PortalNavigation.Hubs}?done={done}");
    }

    private async Task<IResult> UnlinkAsync(HttpContext context)
    {
        var host = Host(context);
        if (links.FindLink(host) is null)
        {
            return NotFound();
        }

        if (links.IsLocal(host))
        {
            return await ShowAsync(context, "This hub is served by this process. To give it no new devices, leave it out of allocation.");
        }

        await links.ChangeAsync(stored => LinkedHubsFile.Without(stored, host), PortalUser.ActorOf(context.User), context.RequestAborted);
        return PortalReply.SeeOther($"{PortalNavigation.Hubs}?done=unlinked");
    }

    private async Task<IReadOnlyList<HubLine>> LinesAsync(CancellationToken cancellationToken)
    {
        var all = links.All;
        var sum = all.Where(link => link.ApplyAllocationPolicy).Sum(link => link.AllocationWeight);
        var lines = new List<HubLine>();
        foreach (var link in all)
        {
            var hub = served.FindByHost(link.HostName);
            var counts = hub is null ? null : await hub.Devices.CountAsync(cancellationToken);
            lines.Add(new HubLine
            {
                HostName = link.HostName,
                Name = hub?.Name,
                Weight = link.AllocationWeight,
                AppliesAllocationPolicy = link.ApplyAllocationPolicy,
                Share = link.ApplyAllocationPolicy ? 100.0 * link.AllocationWeight / sum : null,
                Enabled = counts?.Enabled,
                Disabled = counts?.Disabled,
                Connected = hub?.Sessions.Count,
            });
        }

        return lines;
    }

    private static IResult NotFound() => PortalReply.NotFound("No hub of this host name is linked.");

    private static string Host(HttpContext context) => (string)context.Request.RouteValues["host"]!;
}
