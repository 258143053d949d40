using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Impact;
using Perennial.Server.Instances;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Http;

/// <summary>The service API of one kind of enrollment: create or replace, read, delete, query (dps-protocol §7.2).</summary>
internal sealed class EnrollmentEndpoints(
    EnrollmentForm form,
    ServiceCall call,
    IEnrollmentStore store,
    IRegistrationStore registrations,
    SaveEnrollment save,
    DeleteEnrollment delete,
    AnswerImpact impact)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var one = $"/{form.Path}/{{id}}";
        routes.MapPut(one, call.Endpoint(ServiceRights.EnrollmentWrite, PutAsync));
        routes.MapGet(one, call.Endpoint(ServiceRights.EnrollmentRead, (context, _, _) => GetAsync(context)));
        routes.MapDelete(one, call.Endpoint(ServiceRights.EnrollmentWrite, (context, policy, _) => DeleteAsync(context, policy)));
        routes.MapPost($"/{form.Path}/query", call.Endpoint(ServiceRights.EnrollmentRead, (context, _, body) => QueryAsync(context, body)));
        routes.MapPost(
            $"{one}/attestationmechanism",
            call.Endpoint(ServiceRights.EnrollmentRead | ServiceRights.EnrollmentWrite, (context, _, _) => GetMechanismAsync(context)));
    }

    private async Task PutAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        var id = ServiceCall.Segment(context, "id");
        if (form.KeyOf(id) is not { } key)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(
                $"'{id}' is not an id: 1 to 128 letters, digits and - . _ : with a letter, a digit or - at the end."));
            return;
        }

        if (!form.TryRead(body.Span, key, out var draft, out var fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var isDryRun = AnswerImpact.IsAsked(context);
        var outcome = isDryRun
            ? await save.PlanAsync(draft, ServiceCall.IfMatch(context), context.RequestAborted)
            : await save.RunAsync(draft, ServiceCall.IfMatch(context), ServiceCall.Actor(policy), context.RequestAborted);
        if (isDryRun && outcome is SaveOutcome.Saved planned)
        {
            await impact.RunAsync(context, PlanChange.OfSave(planned.Enrollment));
        }
        else if (outcome is SaveOutcome.Saved saved)
        {
            await WriteAsync(context, saved.Enrollment, withSecrets: true);
        }
        else
        {
            await call.ErrorAsync(context, ErrorOf(outcome, key)!);
        }
    }

    /// <summary>What the caller is told of a save; null when it was done.</summary>
    public static ProvisioningError? ErrorOf(SaveOutcome outcome, EnrollmentKey key) => outcome switch
    {
        SaveOutcome.Saved => null,
        SaveOutcome.Invalid invalid => ProvisioningError.BadRequest.WithMessage(invalid.Sentence),
        SaveOutcome.ETagMismatch => ProvisioningError.PreconditionFailed,
        SaveOutcome.CertificateTaken taken => ProvisioningError.Conflict.WithMessage(
            $"The {taken.Certificate} of the {key} stands already in the {(taken.Slot == Slot.Primary ? "primary" : "secondary")} slot of the "
            + $"{taken.Holder}. A certificate may stand in one enrollment only: take it out there first."),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
    };

    private async Task GetAsync(HttpContext context)
    {
        if (await FindAsync(context) is { } enrollment)
        {
            await WriteAsync(context, enrollment, withSecrets: false);
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task GetMechanismAsync(HttpContext context)
    {
        if (await FindAsync(context) is { } enrollment)
        {
            await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(AttestationForm.From(enrollment.Mechanism, withSecrets: true, withCertificates: true)));
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task DeleteAsync(HttpContext context, ServicePolicy policy)
    {
        if (AnswerImpact.IsAsked(context))
        {
            await PreviewDeleteAsync(context);
            return;
        }

        var outcome = form.KeyOf(ServiceCall.Segment(context, "id")) is { } key
            ? await delete.RunAsync(key, ServiceCall.IfMatch(context), ServiceCall.Actor(policy), context.RequestAborted)
            : DeleteOutcome.NotFound;
        await AnswerDeleteAsync(context, call, outcome);
    }

    private async Task PreviewDeleteAsync(HttpContext context)
    {
        if (await FindAsync(context) is not { } enrollment)
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
        else if (ServiceCall.IfMatch(context) is { } etag && etag != enrollment.ETag)
        {
            await call.ErrorAsync(context, ProvisioningError.PreconditionFailed);
        }
        else
        {
            await impact.RunAsync(context, PlanChange.OfDelete(enrollment.Key));
        }
    }

    public static Task AnswerDeleteAsync(HttpContext context, ServiceCall call, DeleteOutcome outcome) => outcome switch
    {
        DeleteOutcome.Deleted => Reply.NoContentAsync(context),
        DeleteOutcome.NotFound => call.ErrorAsync(context, ProvisioningError.NotFound),
        DeleteOutcome.ETagMismatch => call.ErrorAsync(context, ProvisioningError.PreconditionFailed),
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    private async Task QueryAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        QueryFilter? filter = null;
        if (WireJson.TryParse<QuerySpecification>(body.Span, out var text, out var fault) && EnrollmentQuery.TryParse(text.Query, out var query, out fault))
        {
            filter = new QueryFilter(query.Conditions);
            fault = filter.Fault(form.QueryFields);
        }

        PageRequest? page = null;
        if (fault is null && !PageHeaders.TryRead(context, out page))
        {
            fault = "x-ms-max-item-count or x-ms-continuation cannot be read.";
        }

        if (fault is not null)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        var found = await FindPageAsync(filter!, page!, context.RequestAborted);
        PageHeaders.Write(context, form.ItemType, page!, found.Next);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, form.WriteMany(found.Items));
    }

    private async Task<Page<(Enrollment Enrollment, Registration? Registration)>> FindPageAsync(
        QueryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (filter.Demanded(form.IdField) is { } id)
        {
            var one = form.KeyOf(id) is { } key ? await store.FindAsync(key, cancellationToken) : null;
            return new([.. (await WithRegistrationsAsync(one is null ? [] : [one], cancellationToken)).Where(Accepts)], null);
        }

        return await FilteredPage.ReadAsync(page, filter.IsEmpty ? null : Accepts, ListAsync, cancellationToken);

        async Task<Page<(Enrollment, Registration?)>> ListAsync(PageRequest next, CancellationToken stop)
        {
            var found = await store.ListAsync(form.Kind, next, stop);
            return new(await WithRegistrationsAsync(found.Items, stop), found.Next);
        }

        bool Accepts((Enrollment Enrollment, Registration? Registration) item) =>
            filter.Accepts(form.Write(item.Enrollment, item.Registration, withSecrets: false));
    }

    private async Task<List<(Enrollment Enrollment, Registration? Registration)>> WithRegistrationsAsync(
        IReadOnlyList<Enrollment> enrollments, CancellationToken cancellationToken)
    {
        var items = new List<(Enrollment, Registration?)>(enrollments.Count);
        foreach (var enrollment in enrollments)
        {
            items.Add((enrollment, await RegistrationOfAsync(enrollment, cancellationToken)));
        }

        return items;
    }

    private async Task<Enrollment?> FindAsync(HttpContext context) =>
        form.KeyOf(ServiceCall.Segment(context, "id")) is { } key ? await store.FindAsync(key, context.RequestAborted) : null;

    private async Task WriteAsync(HttpContext context, Enrollment enrollment, bool withSecrets)
    {
        var registration = await RegistrationOfAsync(enrollment, context.RequestAborted);
        context.Response.Headers.ETag = EnrollmentTerms.ETagOf(enrollment);
        await Reply.JsonAsync(context, StatusCodes.Status200OK, form.Write(enrollment, registration, withSecrets));
    }

    private async Task<Registration?> RegistrationOfAsync(Enrollment enrollment, CancellationToken cancellationToken) =>
        form.Kind == EnrollmentKind.Individual && RegistrationId.TryParse(enrollment.Key.Id, out var id)
            ? await registrations.FindAsync(id, cancellationToken)
            : null;
}
