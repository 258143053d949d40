using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.Server.Instances;
using Perennial.Server.Rolls;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Http;

/// <summary>Rolls: plan, start, watch, pause, resume, abort, waive.</summary>
internal sealed class RollEndpoints(ServiceCall call, IRollStore rolls, CreateRoll create, CreateIssuerRoll createOfIssuer, SteerRoll steer, LatestSteps steps, TimeProvider time)
{
    private const string ItemType = "roll";
    private const string One = "/rolls/{id}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/rolls", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => ListAsync(context)));
        routes.MapGet(One, call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context)));
        routes.MapPut(One, call.Endpoint(ServiceRights.EnrollmentWrite, PutAsync));
        routes.MapGet($"{One}/devices", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => ListDevicesAsync(context)));
        routes.MapPost($"{One}/devices/{{device}}/waive", call.Endpoint(ServiceRights.EnrollmentWrite, WaiveAsync));
        routes.MapPost($"{One}/start", call.Endpoint(ServiceRights.EnrollmentWrite, StartAsync));
        MapAct(routes, "pause", steer.PauseAsync);
        MapAct(routes, "resume", steer.ResumeAsync);
        MapAct(routes, "abort", steer.AbortAsync);
        MapAct(routes, "rollBack", steer.RollBackAsync);
        routes.MapPost($"{One}/hasten", call.Endpoint(ServiceRights.EnrollmentWrite, HastenAsync));
    }

    private void MapAct(IEndpointRouteBuilder routes, string verb, Func<string, string, CancellationToken, Task<RollOutcome>> act) => routes.MapPost(
        $"{One}/{verb}",
        call.Endpoint(ServiceRights.EnrollmentWrite, async (context, policy, _) =>
            await AnswerAsync(context, await act(Id(context), ServiceCall.Actor(policy), context.RequestAborted))));

    private async Task ListAsync(HttpContext context)
    {
        if (!PageHeaders.TryRead(context, out var page))
        {
            await UnreadableAsync(context);
            return;
        }

        var found = await rolls.ListAsync(page, context.RequestAborted);
        PageHeaders.Write(context, ItemType, page, found.Next);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(roll => RollDocuments.From(roll, progress: null))]));
    }

    private async Task GetAsync(HttpContext context)
    {
        if (await rolls.FindAsync(Id(context), context.RequestAborted) is { } roll)
        {
            await ShowAsync(context, roll);
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task PutAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (!WireJson.TryParse<RollRequestDocument>(body.Span, out var request, out var fault)
            || !RollDocuments.TryRead(request.Plan, out var plan, out fault)
            || !TryReadWords(request, out var reason, out var slot, out fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var actor = ServiceCall.Actor(policy);
        if (request.EnrollmentGroupId is { } name)
        {
            await AnswerAsync(context, EnrollmentKey.TryGroup(name, out var group)
                ? await create.OfGroupAsync(Id(context), group, slot, reason, plan, actor, context.RequestAborted)
                : new RollOutcome.Invalid($"'{name}' is no id of a group."));
            return;
        }

        if (request.Issuer is { } issuer)
        {
            await AnswerAsync(context, await createOfIssuer.RunAsync(Id(context), issuer, reason, plan, actor, context.RequestAborted));
            return;
        }

        var devices = (request.RegistrationIds ?? []).Select(id => RegistrationId.TryParse(id, out var read) ? read : null).ToList();
        await AnswerAsync(context, devices.Contains(null)
            ? new RollOutcome.Invalid("One of the registrationIds is none.")
            : await create.OfLeavesAsync(Id(context), [.. devices.OfType<RegistrationId>()], slot, reason, plan, actor, context.RequestAborted));
    }

    private async Task ListDevicesAsync(HttpContext context)
    {
        if (!PageHeaders.TryRead(context, out var page))
        {
            await UnreadableAsync(context);
        }
        else if (await rolls.FindAsync(Id(context), context.RequestAborted) is { } roll)
        {
            var onlyOpen = (string?)context.Request.Query["open"] is "true";
            var found = await rolls.ListDevicesAsync(roll, onlyOpen, page, time.GetUtcNow(), context.RequestAborted);
            PageHeaders.Write(context, "rollDevice", page, found.Next);
            await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Select(RollDocuments.From)]));
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task HastenAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body) =>
        await (WireJson.TryParse<RollHasteDocument>(body.Span, out var haste, out var fault)
            ? AnswerAsync(context, await steer.HastenAsync(Id(context), haste.Reason, ServiceCall.Actor(policy), context.RequestAborted))
            : call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault)));

    private async Task WaiveAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (!WireJson.TryParse<WaiverDocument>(body.Span, out var waiver, out var fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        await AnswerAsync(context, await steer.WaiveAsync(
            Id(context), ServiceCall.Segment(context, "device"), waiver.Reason, ServiceCall.Actor(policy), context.RequestAborted));
    }

    private async Task StartAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        var (request, fault) = (new RollStartDocument(), (string?)null);
        if (!body.IsEmpty && !WireJson.TryParse(body.Span, out request, out fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        await AnswerAsync(context, await steer.StartAsync(Id(context), request.WithoutRehearsal, ServiceCall.Actor(policy), context.RequestAborted));
    }

    private static bool TryReadWords(RollRequestDocument request, out RollReason reason, out Slot slot, [NotNullWhen(false)] out string? fault)
    {
        fault = !RollDocuments.TryReadWord<RollReason>(request.Reason, out var why) ? $"'{request.Reason}' is no reason: expiration, breach or policy."
            : RollDocuments.TryReadWord<Slot>(request.OldSlot, out _) ? null
            : $"'{request.OldSlot}' is no slot: primary or secondary.";
        RollDocuments.TryReadWord<Slot>(request.OldSlot, out var old);
        (reason, slot) = (why ?? RollReason.Expiration, old ?? Slot.Primary);
        return fault is null;
    }

    private Task AnswerAsync(HttpContext context, RollOutcome outcome) => outcome switch
    {
        RollOutcome.Done done => ShowAsync(context, done.Roll),
        RollOutcome.NotFound => call.ErrorAsync(context, ProvisioningError.NotFound),
        RollOutcome.Exists => call.ErrorAsync(context, ProvisioningError.Conflict.WithMessage("There is a roll of this name that was started. Name the new one otherwise.")),
        RollOutcome.Invalid invalid => call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(invalid.Sentence)),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private async Task ShowAsync(HttpContext context, Roll roll)
    {
        var now = time.GetUtcNow();
        var progress = await rolls.ReadProgressAsync(roll, now, context.RequestAborted);
        var document = RollDocuments.From(roll, progress) with
        {
            WaitsFor = steps.WaitOf(roll),
            Forecast = RollDocuments.From(RollForecast.Of(roll, progress, now)),
        };
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(document));
    }

    private Task UnreadableAsync(HttpContext context) =>
        call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));

    private static string Id(HttpContext context) => ServiceCall.Segment(context, "id");
}
