using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;
using Perennial.Server.Audit;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Rehearsals;
using Perennial.Server.Rolls;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Rolls;

/// <summary>The page of one roll, and what is done with it there.</summary>
internal sealed class RollPages(
    IRollStore rolls, RollListStore list, SteerRoll steer, PreviewRoll preview, RunRehearsals rehearsals, IRehearsalStore rehearsed, IAuditTrail trail, ProofStore proofs, LatestSteps steps, TimeProvider time) : IPortalPages
{
    private const string Gone = "There is no roll of this name.";
    private const int DevicesShown = 50;
    private const int EventsShown = 30;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(RollPaths.Pattern, ShowAsync);
        routes.Page(RollPaths.Pattern + "/live", context => ShowPartAsync<RollLive>(context, withDevices: false));
        routes.Page(RollPaths.Pattern + "/devices", context => ShowPartAsync<RollDevices>(context, withDevices: true));
        routes.Page(RollPaths.Pattern + "/proof.html", context => ShowProofAsync(context, isPage: true));
        routes.Page(RollPaths.Pattern + "/proof.json", context => ShowProofAsync(context, isPage: false));
        routes.Form(RollPaths.Pattern + "/devices/{device}/waive", WaiveAsync, UserRole.Operator);
        MapAct(routes, "rehearse", (roll, _, actor, stop) => rehearsals.StartAsync(roll, new RehearsalTerms(), actor, stop));
        routes.Form(RollPaths.Pattern + "/rehearsal/stop", StopRehearsalAsync, UserRole.Operator);
        MapAct(routes, "start", (roll, form, actor, stop) => steer.StartAsync(roll, form.ContainsKey("reason") ? form["reason"].ToString() : null, actor, stop));
        MapAct(routes, "pause", (roll, _, actor, stop) => steer.PauseAsync(roll, actor, stop));
        MapAct(routes, "resume", (roll, _, actor, stop) => steer.ResumeAsync(roll, actor, stop));
        MapAct(routes, "hasten", (roll, form, actor, stop) => steer.HastenAsync(roll, form["reason"].ToString(), actor, stop));
        MapAct(routes, "rollBack", (roll, _, actor, stop) => steer.RollBackAsync(roll, actor, stop));
        MapAct(routes, "abort", (roll, _, actor, stop) => steer.AbortAsync(roll, actor, stop));
    }

    private void MapAct(
        IEndpointRouteBuilder routes, string verb, Func<string, IFormCollection, string, CancellationToken, Task<RollOutcome>> act) => routes.Form(
        $"{RollPaths.Pattern}/{verb}",
        async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return await AnswerAsync(context, verb, await act(Id(context), form, PortalUser.ActorOf(context.User), context.RequestAborted));
        },
        UserRole.Operator);

    private async Task<IResult> ShowAsync(HttpContext context) => await rolls.FindAsync(Id(context), context.RequestAborted) is { } roll
        ? PortalReply.Page<RollPage>(await ModelAsync(context, roll) with { Done = DoneOf(context.Request.Query["done"]) })
        : PortalReply.NotFound(Gone);

    private async Task<IResult> ShowPartAsync<TPart>(HttpContext context, bool withDevices)
        where TPart : IComponent => await rolls.FindAsync(Id(context), context.RequestAborted) is { } roll
        ? PortalReply.Page<TPart>(await StandingAsync(context, roll, withDevices))
        : PortalReply.NotFound(Gone);

    /// <summary>The signed report of a roll that ended, as it was made.</summary>
    private async Task<IResult> ShowProofAsync(HttpContext context, bool isPage)
    {
        if (await proofs.FindAsync(Id(context), context.RequestAborted) is not { } proof)
        {
            return PortalReply.NotFound("There is no report of this roll yet. It is made once the roll has ended.");
        }

        if (isPage)
        {
            // The page brings its own style, and nothing else.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            return Results.Content(proof.Html, "text/html; charset=utf-8");
        }

        return Results.File(Encoding.UTF8.GetBytes(proof.Json), "application/json", $"{Id(context)}.proof.json");
    }

    private async Task<IResult> StopRehearsalAsync(HttpContext context)
    {
        await rehearsals.StopAsync(Id(context), context.RequestAborted);
        return PortalReply.SeeOther(RollPaths.Of(Id(context)));
    }

    private async Task<IResult> WaiveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var device = (string)context.Request.RouteValues["device"]!;
        return await AnswerAsync(
            context, "waive", await steer.WaiveAsync(Id(context), device, form["reason"].ToString(), PortalUser.ActorOf(context.User), context.RequestAborted));
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string verb, RollOutcome outcome)
    {
        switch (outcome)
        {
            case RollOutcome.Done:
                return PortalReply.SeeOther($"{RollPaths.Of(Id(context))}?done={verb}");
            case RollOutcome.Invalid invalid when await rolls.FindAsync(Id(context), context.RequestAborted) is { } roll:
                return PortalReply.Page<RollPage>(await ModelAsync(context, roll) with { Fault = invalid.Sentence }, StatusCodes.Status409Conflict);
            default:
                return PortalReply.NotFound(Gone);
        }
    }

    private async Task<RollModel> ModelAsync(HttpContext context, Roll roll)
    {
        var model = await StandingAsync(context, roll, withDevices: true);
        var history = await trail.ListAsync(new AuditFilter { Subject = $"roll '{roll.Id}'" }, null, EventsShown, context.RequestAborted);
        return model with
        {
            History = [.. history.Records.Select(RollEvent.From)],
            Preview = model.Query["preview"] == "yes" && !roll.IsOver ? await PreviewAsync(roll, context.RequestAborted) : null,
        };
    }

    /// <summary>How the roll stands now, which parts of the page ask for again and again.</summary>
    private async Task<RollModel> StandingAsync(HttpContext context, Roll roll, bool withDevices)
    {
        var (now, stop) = (time.GetUtcNow(), context.RequestAborted);
        var query = PortalAddressQuery.Read(RollPaths.Of(roll.Id), context.Request.Query, "devices", "after", "preview");
        var progress = await rolls.ReadProgressAsync(roll, now, stop);
        var devices = withDevices ? await rolls.ListDevicesAsync(roll, query["devices"] != "all", new PageRequest(query["after"], DevicesShown), now, stop) : new Page<RollDevice>([], null);
        return new RollModel
        {
            Roll = roll,
            Progress = progress,
            Forecast = RollForecast.Of(roll, progress, now),
            Waves = [.. RollWave.Foresee(roll.Plan, await list.ListWavesAsync(roll, now, stop), roll.Wave, roll.IsOver ? 0 : progress.Pending)],
            WaitsFor = steps.WaitOf(roll),
            Rehearsal = await rehearsed.FindAsync(roll.Id, stop),
            Devices = devices.Items,
            NextDevice = devices.Next,
            Query = query,
            Now = now,
            MayChange = PortalUser.May(context.User, UserRole.Operator),
        };
    }

    // Of leaves it is told as the roll is planned: each has an old one of its own.
    private async Task<RollPreview?> PreviewAsync(Roll roll, CancellationToken cancellationToken)
    {
        if (roll.Group is not { } group)
        {
            return null;
        }

        var slot = await preview.SlotOfAsync(group, roll.Old, cancellationToken);
        return slot is { } old ? (await preview.RunAsync([group], old, roll.Plan, cancellationToken)).Preview : null;
    }

    private static string? DoneOf(string? word) => word switch
    {
        "planned" => "The draft is saved. No device is touched before the roll is started.",
        "rehearse" => "The rehearsal began.",
        "start" => "The roll runs.",
        "pause" => "The roll is paused. No further device is touched.",
        "resume" => "The roll goes on.",
        "abort" => "The roll is ended. Both certificates go on counting; offers that no device followed are withdrawn.",
        "hasten" => "The windows that devices were told have begun.",
        "rollBack" => "The roll is turned back. Devices that moved are told to go back.",
        "waive" => "The device is not waited for any longer.",
        _ => null,
    };

    private static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
