using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Sightings;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>The rolling API of one kind of enrollment: how far a roll has come, and retire the old certificate by proof of use.</summary>
internal sealed class RollingEndpoints(
    EnrollmentForm form, ServiceCall call, IEnrollmentStore enrollments, ISightingStore sightings, RetireCertificate retire, AnswerImpact impact)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet($"/{form.Path}/{{id}}/proof", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetProofAsync(context)));
        routes.MapPost($"/{form.Path}/{{id}}/retire", call.Endpoint(ServiceRights.EnrollmentWrite, (context, policy, _) => RetireAsync(context, policy)));
    }

    private async Task GetProofAsync(HttpContext context)
    {
        if (SlotOf(context) is not { } slot)
        {
            await SlotMissingAsync(context);
            return;
        }

        var enrollment = form.KeyOf(ServiceCall.Segment(context, "id")) is { } key ? await enrollments.FindAsync(key, context.RequestAborted) : null;
        if (enrollment?.Mechanism.AnchorOf(slot) is not { } anchor)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
            return;
        }

        var proof = await sightings.ProofAsync(enrollment.Key, anchor, RetireCertificate.UnprovenLimit, context.RequestAborted);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(Document(proof, slot, enrollment.Mechanism is AttestationMechanism.SymmetricKeys ? null : anchor.ToString())));
    }

    private async Task RetireAsync(HttpContext context, ServicePolicy policy)
    {
        if (SlotOf(context) is not { } slot)
        {
            await SlotMissingAsync(context);
            return;
        }

        if (form.KeyOf(ServiceCall.Segment(context, "id")) is not { } key)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
            return;
        }

        if (AnswerImpact.IsAsked(context))
        {
            var planned = await retire.PlanAsync(key, slot, context.RequestAborted);
            await (planned is RetirementOutcome.Retired { Enrollment: var next }
                ? impact.RunAsync(context, PlanChange.OfRetirement(next, slot))
                : AnswerAsync(context, slot, planned));
            return;
        }

        await AnswerAsync(context, slot, await retire.RunAsync(key, slot, ServiceCall.Actor(policy), context.RequestAborted));
    }

    private Task AnswerAsync(HttpContext context, Slot slot, RetirementOutcome outcome)
    {
        switch (outcome)
        {
            case RetirementOutcome.Retired retired:
                context.Response.Headers.ETag = EnrollmentTerms.ETagOf(retired.Enrollment);
                return Reply.JsonAsync(context, StatusCodes.Status200OK, form.Write(retired.Enrollment, registration: null, withSecrets: false));
            case RetirementOutcome.NotProven unproven:
                var other = slot == Slot.Primary ? Slot.Secondary : Slot.Primary;
                var document = Document(unproven.Proof, other, unproven.Kept.ToString()) with { Message = Sentence(unproven.Proof, slot, other) };
                return Reply.JsonAsync(context, StatusCodes.Status409Conflict, WireJson.ToUtf8(document));
            case RetirementOutcome.NothingToRetire nothing:
                return call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(nothing.Sentence));
            case RetirementOutcome.NotFound:
                return call.ErrorAsync(context, ProvisioningError.NotFound);
            case RetirementOutcome.Changed:
                return call.ErrorAsync(context, ProvisioningError.PreconditionFailed);
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}.");
        }
    }

    private static string Sentence(ProofOfUse proof, Slot slot, Slot other) => proof.Devices == 0
        ? $"No device has registered through this enrollment, so none has proven the {Word(other)} certificate. "
          + "To remove a certificate without proof, save the enrollment without it."
        : $"{proof.Devices - proof.Proven} of {proof.Devices} devices were last accepted by another certificate than the {Word(other)} one; "
          + $"retiring the {Word(slot)} one would cut them off. Nothing was changed.";

    private static ProofDocument Document(ProofOfUse proof, Slot slot, string? thumbprint) => new()
    {
        Slot = Word(slot),
        Sha256Thumbprint = thumbprint,
        Devices = proof.Devices,
        Proven = proof.Proven,
        Unproven = [.. proof.Unproven.Select(d => new UnprovenDeviceDocument { RegistrationId = d.RegistrationId, LastSeenUtc = d.LastSeen })],
    };

    private Task SlotMissingAsync(HttpContext context) =>
        call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("Name the slot in the query: slot=primary or slot=secondary."));

    private static Slot? SlotOf(HttpContext context) =>
        (string?)context.Request.Query["slot"] is { } text && Enum.TryParse<Slot>(text, ignoreCase: true, out var slot) && Enum.IsDefined(slot)
            && !char.IsAsciiDigit(text[0])
            ? slot
            : null;

    private static string Word(Slot slot) => slot == Slot.Primary ? "primary" : "secondary";
}
