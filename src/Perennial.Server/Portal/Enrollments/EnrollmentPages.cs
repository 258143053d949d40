using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Authority.Issuers;
using Perennial.Provisioning;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.Rolling.Retirement;
using Perennial.Rolling.Sightings;
using Perennial.Server.Audit;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;
using Perennial.X509;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>The page of one enrollment: its slots, what is to be in them, its settings.</summary>
internal sealed class EnrollmentPages(
    IEnrollmentStore enrollments,
    ISightingStore sightings,
    EnrollmentUseStore uses,
    IProfileStore profiles,
    ICaCertificateStore cas,
    IHubDirectory hubs,
    SaveEnrollment save,
    RetireCertificate retire,
    ShowImpact impact,
    IAuditNotes notes,
    TimeProvider time) : IPortalPages
{
    private const string Gone = "There is no such enrollment, or none any more.";
    private const string Stale = "The enrollment was changed by someone else since this page was loaded. Nothing was saved; this is how it is now. Make your change again.";
    private const int NamesShown = 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(EnrollmentPaths.Pattern, ShowAsync);
        routes.Form(EnrollmentPaths.Pattern + "/review", context => ChangeSlotsAsync(context, isFinal: false), UserRole.Operator);
        routes.Form(EnrollmentPaths.Pattern + "/save", context => ChangeSlotsAsync(context, isFinal: true), UserRole.Operator);
        routes.Form(EnrollmentPaths.Pattern + "/references", SaveReferencesAsync, UserRole.Operator);
        routes.Form(EnrollmentPaths.Pattern + "/settings", SaveSettingsAsync, UserRole.Operator);
        routes.Form(EnrollmentPaths.Pattern + "/enabled", SaveEnabledAsync, UserRole.Operator);
        routes.Form(EnrollmentPaths.Pattern + "/retire", RetireAsync, UserRole.Operator);
    }

    private async Task<IResult> ShowAsync(HttpContext context) =>
        await FindAsync(context) is { } enrollment
            ? PortalReply.Page<EnrollmentPage>(await ModelAsync(context, enrollment) with { Done = DoneOf(context.Request.Query["done"]) })
            : PortalReply.NotFound(Gone);

    private async Task<IResult> ChangeSlotsAsync(HttpContext context, bool isFinal)
    {
        if (await FindAsync(context) is not { Mechanism: AttestationMechanism.X509 mechanism } enrollment)
        {
            return PortalReply.NotFound(Gone);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var model = await ModelAsync(context, enrollment);
        if (form["etag"] != enrollment.ETag)
        {
            return Show(model with { Fault = Stale }, StatusCodes.Status409Conflict);
        }

        var slots = await SlotForm.ReadAsync(form, enrollment.Key, model.Slots, time.GetUtcNow(), context.RequestAborted);
        model = model with { Slots = slots, Fault = FaultOf(slots) };
        var next = new MechanismDraft.X509(mechanism is AttestationMechanism.Signers, DraftOf(slots[0].After), DraftOf(slots[1].After));
        var draft = EnrollmentDraft.Of(enrollment, next);
        model = model.IsChanged && model.Fault is null ? await PlanAsync(model, draft, context.RequestAborted) : model;
        var isRefused = model.Fault is not null || slots.Any(slot => slot.Fault is not null);
        if (!isFinal || isRefused || !model.IsChanged || SlotForm.HasFile(form))
        {
            return Show(model, isRefused ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
        }

        return model.Impact is { } losing && LossForm.FaultOf(form, losing) is { } missing
            ? Show(model with { Fault = missing }, StatusCodes.Status422UnprocessableEntity)
            : await SaveAsync(context, model, draft, "slots", LossForm.NoteOf(form, model.Impact, enrollment.Key.ToString()));
    }

    private async Task<IResult> SaveReferencesAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { Mechanism: AttestationMechanism.CaReferences } enrollment)
        {
            return PortalReply.NotFound(Gone);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var model = await ModelAsync(context, enrollment);
        if (form["etag"] != enrollment.ETag)
        {
            return Show(model with { Fault = Stale }, StatusCodes.Status409Conflict);
        }

        var (primary, secondary) = (NameOf(form["primary"]), NameOf(form["secondary"]));
        model = model with { References = model.References! with { Primary = primary, Secondary = secondary } };
        var draft = EnrollmentDraft.Of(enrollment, new MechanismDraft.CaReferences(primary, secondary));
        var planned = await PlanAsync(model, draft, context.RequestAborted);
        if (planned.Fault is not null)
        {
            return Show(planned, StatusCodes.Status422UnprocessableEntity);
        }

        return planned.Impact is { } losing && LossForm.FaultOf(form, losing) is { } missing
            ? Show(model with { Fault = missing, References = model.References with { Losing = losing } }, StatusCodes.Status422UnprocessableEntity)
            : await SaveAsync(context, model, draft, "slots", LossForm.NoteOf(form, planned.Impact, enrollment.Key.ToString()));
    }

    private async Task<IResult> SaveSettingsAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } enrollment)
        {
            return PortalReply.NotFound(Gone);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var model = await ModelAsync(context, enrollment);
        return form["etag"] == enrollment.ETag
            ? await SaveAsync(context, model, SettingsDraft.Of(enrollment, form), "settings")
            : Show(model with { Fault = Stale }, StatusCodes.Status409Conflict);
    }

    private async Task<IResult> SaveEnabledAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } enrollment)
        {
            return PortalReply.NotFound(Gone);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var model = await ModelAsync(context, enrollment);
        var isEnabled = form["enabled"] == "yes";
        if (form["etag"] != enrollment.ETag)
        {
            return Show(model with { Fault = Stale }, StatusCodes.Status409Conflict);
        }

        var draft = EnrollmentDraft.Of(enrollment) with { IsEnabled = isEnabled };
        var losing = isEnabled ? null : (await PlanAsync(model, draft, context.RequestAborted)).Impact;
        return losing is not null && LossForm.FaultOf(form, losing) is { } missing
            ? Show(model with { Fault = missing, Disabling = losing }, StatusCodes.Status422UnprocessableEntity)
            : await SaveAsync(context, model, draft, isEnabled ? "enabled" : "disabled", LossForm.NoteOf(form, losing, enrollment.Key.ToString()));
    }

    private async Task<IResult> RetireAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } enrollment)
        {
            return PortalReply.NotFound(Gone);
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var slot = form["slot"] == "primary" ? Slot.Primary : Slot.Secondary;
        var outcome = await retire.RunAsync(enrollment.Key, slot, PortalUser.ActorOf(context.User), context.RequestAborted);
        return outcome is RetirementOutcome.Retired
            ? PortalReply.SeeOther($"{EnrollmentPaths.Of(enrollment.Key)}?done=retired")
            : Show(await ModelAsync(context, enrollment) with { Fault = FaultOf(outcome) }, StatusCodes.Status409Conflict);
    }

    private async Task<IResult> SaveAsync(HttpContext context, EnrollmentModel model, EnrollmentDraft draft, string done, string? note = null)
    {
        var actor = PortalUser.ActorOf(context.User);
        var outcome = await save.RunAsync(draft, model.Enrollment.ETag, actor, context.RequestAborted);
        if (outcome is SaveOutcome.Saved && note is not null)
        {
            await notes.NoteAsync(actor, "impact.accept", note, context.RequestAborted);
        }

        return outcome switch
        {
            SaveOutcome.Saved => PortalReply.SeeOther($"{model.Path}?done={done}"),
            SaveOutcome.Invalid or SaveOutcome.CertificateTaken => Show(model with { Fault = FaultOf(outcome) }, StatusCodes.Status422UnprocessableEntity),
            _ => Show(
                await FindAsync(context) is { } fresh ? await ModelAsync(context, fresh) with { Fault = Stale } : model with { Fault = Gone },
                StatusCodes.Status409Conflict),
        };
    }

    private Task<Enrollment?> FindAsync(HttpContext context) => EnrollmentPaths.KeyOf(context) is { } key
        ? enrollments.FindAsync(key, context.RequestAborted)
        : Task.FromResult<Enrollment?>(null);

    private async Task<EnrollmentModel> ModelAsync(HttpContext context, Enrollment enrollment)
    {
        var stop = context.RequestAborted;
        var seen = enrollment.Key.Kind == EnrollmentKind.Individual ? await sightings.LastBySlotAsync(enrollment.Key.Id, stop) : [];
        var slots = new List<SlotModel>();
        var use = await uses.FindAsync(enrollment.Key, stop);
        foreach (var slot in enrollment.Mechanism is AttestationMechanism.X509 ? new[] { Slot.Primary, Slot.Secondary } : [])
        {
            var current = ((AttestationMechanism.X509)enrollment.Mechanism).Slots[slot];
            slots.Add(new SlotModel
            {
                Slot = slot,
                Current = current,
                LastUsedBy = use.Of(current?.Thumbprint),
                LastUsed = seen.FirstOrDefault(sighting => current is not null && sighting.Match?.Anchor == current.Thumbprint)?.At,
            });
        }

        return new EnrollmentModel
        {
            Enrollment = enrollment,
            Slots = slots,
            References = enrollment.Mechanism is AttestationMechanism.CaReferences references ? await ReferencesAsync(references, stop) : null,
            Devices = use.Devices,
            IsCounted = use.IsAll,
            Hubs = hubs.HostNames,
            Profiles = [.. (await profiles.ListAsync(stop)).Select(profile => profile.Name)],
            Now = time.GetUtcNow(),
            MayChange = PortalUser.May(context.User, UserRole.Operator),
        };
    }

    private async Task<ReferencesModel> ReferencesAsync(AttestationMechanism.CaReferences references, CancellationToken cancellationToken) => new()
    {
        Names = [.. (await cas.ListAsync(new PageRequest(null, PageRequest.MaxSize), cancellationToken)).Items.Select(ca => ca.Name)],
        Primary = references.Primary?.Name,
        Secondary = references.Secondary?.Name,
    };

    /// <summary>What would become of the change, and whom it touches.</summary>
    private async Task<EnrollmentModel> PlanAsync(EnrollmentModel model, EnrollmentDraft draft, CancellationToken cancellationToken) =>
        await save.PlanAsync(draft, model.Enrollment.ETag, cancellationToken) switch
        {
            SaveOutcome.Saved saved => model with { Impact = await impact.RunAsync(PlanChange.OfSave(saved.Enrollment), cancellationToken) },
            var refused => model with { Fault = FaultOf(refused) },
        };

    private static string? FaultOf(IReadOnlyList<SlotModel> slots) =>
        slots.All(slot => slot.After is null)
            ? "Both slots would be empty, and no device could come in. Leave one certificate; to stop the enrollment, disable it."
            : slots.All(slot => slot.After is not null) && slots[0].After!.Thumbprint == slots[1].After!.Thumbprint
                ? "Both slots would hold the same certificate. Pick another one for one of them."
                : null;

    private static string FaultOf(SaveOutcome outcome) => outcome switch
    {
        SaveOutcome.Invalid invalid => invalid.Sentence,
        SaveOutcome.CertificateTaken taken =>
            $"The {taken.Certificate} stands in the {WordOf(taken.Slot)} slot of the {taken.Holder} already. A certificate stands in one enrollment only.",
        _ => Stale,
    };

    private static string FaultOf(RetirementOutcome outcome) => outcome switch
    {
        RetirementOutcome.NotProven { Proof: { Devices: 0 } } =>
            "Nothing was retired: no device has registered through this enrollment, so nothing proves that the other certificate is in use.",
        RetirementOutcome.NotProven { Proof: var proof } =>
            $"Nothing was retired: {proof.Devices - proof.Proven} of {proof.Devices} devices were not yet accepted with the other certificate, "
            + $"among them {string.Join(", ", proof.Unproven.Take(NamesShown).Select(device => device.RegistrationId))}.",
        RetirementOutcome.NothingToRetire nothing => nothing.Sentence,
        RetirementOutcome.NotFound => Gone,
        _ => Stale,
    };

    private static SlotDraft DraftOf(Certificate? certificate) => certificate is null ? new SlotDraft.Empty() : new SlotDraft.Place(certificate);

    private static string? NameOf(string? picked) => string.IsNullOrEmpty(picked) ? null : picked;

    private static string WordOf(Slot slot) => slot == Slot.Primary ? "primary" : "secondary";

    private static IResult Show(EnrollmentModel model, int status) => PortalReply.Page<EnrollmentPage>(model, status);

    private static string? DoneOf(string? word) => word switch
    {
        "slots" => "Saved. The certificates count at once, on live connections within two seconds.",
        "settings" => "The settings are saved.",
        "enabled" => "The enrollment is enabled.",
        "disabled" => "The enrollment is disabled.",
        "retired" => "The old certificate is retired.",
        "made" => "The enrollment is made.",
        _ => null,
    };
}
