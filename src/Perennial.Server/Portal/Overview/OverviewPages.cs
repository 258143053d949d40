using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Authority.Authorities;
using Perennial.Provisioning;
using Perennial.Rolling.Forecasts;
using Perennial.Rolling.Rolls;
using Perennial.Server.Connections;
using Perennial.Server.Fleet;
using Perennial.Server.Http;
using Perennial.Server.Instances;
using Perennial.Server.Portal.Layout;
using Perennial.X509;

namespace Perennial.Server.Portal.Overview;

/// <summary>The overview: what the service is called, and how the fleet is.</summary>
internal sealed class OverviewPages(
    InstanceDocument instance,
    Thumbprint root,
    FindSelfMadeRoots selfMadeRoots,
    LatestFigures latest,
    RecentRefusals refusals,
    IRollStore rolls,
    ForecastExpiry forecast,
    TimeProvider time) : IPortalPages
{
    private const int MostRefusals = 8;

    private const int MostRolls = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(PortalNavigation.Overview, async context => PortalReply.Page<OverviewPage>(await ModelAsync(context)));
        routes.Page("/overview/live", async context => PortalReply.Page<OverviewLive>(await ModelAsync(context)));
    }

    private async Task<OverviewModel> ModelAsync(HttpContext context)
    {
        var figures = latest.Value;
        return new OverviewModel
        {
            IdScope = instance.IdScope,
            Endpoints = [.. Endpoints()],
            RootThumbprint = root.ToString(),
            TestingIssuers = await selfMadeRoots.RunAsync(context.RequestAborted),
            States = figures is null ? [] : [.. StateWords.All.Select(state => new StateFigure(
                StateWords.NameOf(state),
                StateWords.ToneOf(state),
                figures.States.GetValueOrDefault(state),
                StateWords.MeaningOf(state),
                $"{PortalNavigation.Enrollments}?state={state}"))],
            CountedAt = figures?.At,
            Weeks = figures?.Weeks ?? [],
            Refusals = [.. refusals.LastHour().Take(MostRefusals)
                .Select(refusal => new RefusalLine(refusal.Key.Number, refusal.Key.Name, refusal.Key.Title, refusal.Value))],
            Rolls = await RollsAsync(context.RequestAborted),
            Expiry = await ForecastAsync(context),
            Now = time.GetUtcNow(),
        };
    }

    // Asked for by the form of the page only, since it looks at the whole fleet.
    private async Task<ExpiryForecast?> ForecastAsync(HttpContext context) =>
        ExpiryEndpoint.TryRead(context.Request.Query["at"], time.GetUtcNow(), out var at) ? await forecast.RunAsync(at, context.RequestAborted) : null;

    private async Task<IReadOnlyList<RollLine>> RollsAsync(CancellationToken cancellationToken) =>
    [
        .. (await rolls.ListAsync(new PageRequest(null, MostRolls), cancellationToken)).Items.Where(roll => !roll.IsOver)
            .Select(roll => new RollLine(roll.Id, roll.State, roll.Group?.Id, roll.Wave, roll.HaltReason)),
    ];

    private IEnumerable<EndpointLine> Endpoints()
    {
        var ports = $"MQTT {instance.Ports.Mqtt}, AMQP {instance.Ports.Amqp}, HTTPS {instance.Ports.Https}";
        yield return new EndpointLine("Provisioning host", instance.Host, ports);
        foreach (var hub in instance.Hubs)
        {
            yield return new EndpointLine($"Hub {hub.Name}", hub.HostName, hub.FollowEnrollment ? ports : $"{ports}; azure mode");
        }
    }
}
