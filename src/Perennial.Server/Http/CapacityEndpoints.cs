using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Rolling.Capacity;
using Perennial.Server.Instances;
using Perennial.Server.Rolls;

namespace Perennial.Server.Http;

/// <summary>What the service bears: as it was measured last, and measured anew on request.</summary>
internal sealed class CapacityEndpoints(ServiceCall call, ICapacityStore capacity, MeasureCapacity measure)
{
    private const string Path = "/capacity";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context)));
        routes.MapPost(Path, call.Endpoint(ServiceRights.EnrollmentWrite, (context, policy, _) => MeasureAsync(context, policy)));
    }

    private async Task GetAsync(HttpContext context) => await AnswerAsync(context, await capacity.ReadAsync(context.RequestAborted));

    private async Task MeasureAsync(HttpContext context, ServicePolicy policy)
    {
        var door = new IPEndPoint(context.Connection.LocalIpAddress!, context.Connection.LocalPort);
        var measured = await measure.RunAsync(door, context.Request.Host.Host, ServiceCall.Actor(policy), context.RequestAborted);
        await (measured is null
            ? call.ErrorAsync(context, ProvisioningError.Conflict.WithMessage("A measurement is under way. Read its figures in some seconds."))
            : AnswerAsync(context, measured));
    }

    private static Task AnswerAsync(HttpContext context, ServiceCapacity figures) => Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(new CapacityDocument
    {
        Authority = From(figures.Authority),
        Provisioning = From(figures.Provisioning),
        Hub = From(figures.Hub),
    }));

    private static CapacityFigureDocument? From(CapacityFigure? figure) =>
        figure is null ? null : new CapacityFigureDocument { PerMinute = figure.PerMinute, MeasuredUtc = figure.At, How = figure.How };
}
