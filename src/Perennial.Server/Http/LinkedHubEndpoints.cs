using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.LinkedHubs;
using Perennial.Provisioning.Allocation;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using StoredLink = Perennial.Server.Instances.LinkedHubDocument;
using WireLink = Perennial.Protocol.Provisioning.LinkedHubs.LinkedHubDocument;

namespace Perennial.Server.Http;

/// <summary>The linked hubs and the service's own allocation, in the shapes of Azure's control plane on our own paths (dps-protocol §8.1).</summary>
internal sealed class LinkedHubEndpoints(ServiceCall call, LinkHubs links)
{
    private const int MaxLinks = 50;
    private const int MaxRows = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        const string One = "/linkedHubs/{name}";
        routes.MapGet("/linkedHubs", call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => ListAsync(context)));
        routes.MapGet(One, call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => GetAsync(context)));
        routes.MapPut(One, call.Endpoint(ServiceRights.ServiceConfig, PutAsync));
        routes.MapDelete(One, call.Endpoint(ServiceRights.ServiceConfig, (context, policy, _) => DeleteAsync(context, policy)));
        routes.MapGet("/allocation", call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => ShowTermsAsync(context)));
        routes.MapPut("/allocation", call.Endpoint(ServiceRights.ServiceConfig, PutTermsAsync));
    }

    private Task ListAsync(HttpContext context) => Reply.JsonAsync(
        context, StatusCodes.Status200OK, WireJson.ToUtf8(new LinkedHubListDocument { Value = [.. links.All.Select(From)] }));

    private Task GetAsync(HttpContext context) => links.FindLink(Name(context)) is { } link
        ? Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(From(link)))
        : call.ErrorAsync(context, ProvisioningError.NotFound);

    private async Task PutAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (!WireJson.TryParse<WireLink>(body.Span, out var document, out var fault) || !TryRead(Name(context), document, out var link, out fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        await links.ChangeAsync(stored => LinkedHubsFile.With(stored, link), ServiceCall.Actor(policy), context.RequestAborted);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(From(link)));
    }

    private async Task DeleteAsync(HttpContext context, ServicePolicy policy)
    {
        var name = Name(context);
        if (links.FindLink(name) is null)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
        else if (links.IsLocal(name))
        {
            await call.ErrorAsync(context, ProvisioningError.Conflict.WithMessage(
                $"The hub {name} is served by this process. Set applyAllocationPolicy to false, so that only enrollments that name it get it."));
        }
        else
        {
            await links.ChangeAsync(stored => LinkedHubsFile.Without(stored, name), ServiceCall.Actor(policy), context.RequestAborted);
            await Reply.NoContentAsync(context);
        }
    }

    // What the caller leaves out stays as it is.
    private bool TryRead(string name, WireLink document, [NotNullWhen(true)] out StoredLink? link, [NotNullWhen(false)] out string? fault)
    {
        var stored = links.FindLink(name);
        link = null;
        fault = null;
        var connection = stored?.ConnectionString;
        if (document.ConnectionString is { } text && text != Masked(stored?.ConnectionString))
        {
            if (links.IsLocal(name))
            {
                fault = $"The hub {name} is served by this process and is reached without a connection string.";
            }
            else if (LinkedHubsFile.TryRead(text, out var hub, out fault) && !Is(hub.Host, name))
            {
                fault = $"The connection string is of '{hub.Host}', the path says '{name}'.";
            }

            connection = text;
        }

        var weight = document.AllocationWeight ?? stored?.AllocationWeight ?? HubLink.MinWeight;
        fault ??= connection is null && !links.IsLocal(name) ? "connectionString: a hub outside this process needs one." : null;
        fault ??= weight is < HubLink.MinWeight or > HubLink.MaxWeight ? $"allocationWeight: {HubLink.MinWeight} to {HubLink.MaxWeight}." : null;
        fault ??= stored is null && links.All.Count >= MaxLinks ? $"At most {MaxLinks} hubs can be linked." : null;
        fault ??= document.Location?.Length > 256 ? "location: at most 256 characters." : null;
        link = fault is not null ? null : new StoredLink
        {
            HostName = stored?.HostName ?? name,
            ConnectionString = connection,
            Location = document.Location ?? stored?.Location,
            AllocationWeight = weight,
            ApplyAllocationPolicy = document.ApplyAllocationPolicy ?? stored?.ApplyAllocationPolicy ?? true,
        };
        return link is not null;
    }

    private Task ShowTermsAsync(HttpContext context) => Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(new AllocationTermsDocument
    {
        AllocationPolicy = links.Document.AllocationPolicy.ToString(),
        Latencies =
        [
            .. links.Document.Latencies.Select(row => new LatencyDocument
            {
                RegistrationIdPrefix = row.RegistrationIdPrefix,
                Milliseconds = row.Milliseconds,
            }),
        ],
    }));

    private async Task PutTermsAsync(HttpContext context, ServicePolicy caller, ReadOnlyMemory<byte> body)
    {
        if (!WireJson.TryParse<AllocationTermsDocument>(body.Span, out var document, out var fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var policy = AllocationPolicy.Hashed;
        var isPolicy = document.AllocationPolicy is null || Enum.TryParse(document.AllocationPolicy, ignoreCase: true, out policy);
        if (!isPolicy || policy == AllocationPolicy.Custom || !Enum.IsDefined(policy))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("allocationPolicy: Hashed, GeoLatency or Static."));
        }
        else if (document.Latencies is { } rows && rows.Count > MaxRows | rows.Any(row => row.Milliseconds is null || row.Milliseconds.Values.Any(value => value < 0)))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(
                $"latencies: at most {MaxRows} rows, each with milliseconds from 0 by host name."));
        }
        else
        {
            await links.ChangeAsync(stored => With(stored, document, policy), ServiceCall.Actor(caller), context.RequestAborted);
            await ShowTermsAsync(context);
        }
    }

    private static LinkedHubsDocument With(LinkedHubsDocument stored, AllocationTermsDocument document, AllocationPolicy policy) => stored with
    {
        AllocationPolicy = document.AllocationPolicy is null ? stored.AllocationPolicy : policy,
        Latencies = document.Latencies is not { } rows
            ? stored.Latencies
            : [.. rows.Select(row => new LatencyRowDocument { RegistrationIdPrefix = row.RegistrationIdPrefix ?? string.Empty, Milliseconds = row.Milliseconds! })],
    };

    private static WireLink From(StoredLink link) => new()
    {
        Name = link.HostName,
        ConnectionString = Masked(link.ConnectionString),
        Location = link.Location,
        AllocationWeight = link.AllocationWeight,
        ApplyAllocationPolicy = link.ApplyAllocationPolicy,
    };

    private static string? Masked(string? connectionString) =>
        LinkedHubsFile.TryRead(connectionString, out var hub, out _) ? (hub with { SharedAccessKey = "****" }).Format() : null;

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string Name(HttpContext context) => ServiceCall.Segment(context, "name");
}
