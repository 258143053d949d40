using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Server.Breach;
using Perennial.Server.Instances;
using RegistrationId = Perennial.Provisioning.RegistrationId;

namespace Perennial.Server.Http;

/// <summary>The service API of registrations: read, delete, list those of a group (dps-protocol §7.2).</summary>
internal sealed class RegistrationEndpoints(ServiceCall call, IRegistrationStore store, DeleteRegistration delete)
{
    private const string IdField = "registrationId";

    private static readonly string[] QueryFields = [IdField, "deviceId", "assignedHub", "status", "substatus", "errorCode", "etag"];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/registrations/{id}", call.Endpoint(ServiceRights.RegistrationStatusRead, (context, _, _) => GetAsync(context)));
        routes.MapDelete("/registrations/{id}", call.Endpoint(ServiceRights.RegistrationStatusWrite, (context, policy, _) => DeleteAsync(context, policy)));
        routes.MapPost(
            "/registrations/{group}/query", call.Endpoint(ServiceRights.RegistrationStatusRead, (context, _, body) => QueryAsync(context, body)));
    }

    private async Task GetAsync(HttpContext context)
    {
        if (RegistrationId.TryParse(ServiceCall.Segment(context, "id"), out var id)
            && await store.FindAsync(id, context.RequestAborted) is { } registration)
        {
            context.Response.Headers.ETag = $"\"{RegistrationETag.Format(registration.ETag)}\"";
            await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(RegistrationStates.From(registration)));
        }
        else
        {
            await call.ErrorAsync(context, ProvisioningError.NotFound);
        }
    }

    private async Task DeleteAsync(HttpContext context, ServicePolicy policy)
    {
        var (outcome, fault) = RegistrationId.TryParse(ServiceCall.Segment(context, "id"), out var id)
            ? await delete.RunAsync(id, RegistrationETag.Parse(context.Request.Headers.IfMatch), leaving: null, ServiceCall.Actor(policy), context.RequestAborted)
            : (DeleteOutcome.NotFound, null);
        await (fault is null
            ? EnrollmentEndpoints.AnswerDeleteAsync(context, call, outcome ?? DeleteOutcome.NotFound)
            : call.ErrorAsync(context, ProvisioningError.Conflict.WithMessage(fault)));
    }

    private async Task QueryAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        if (!TryReadFilter(body.Span, out var filter, out var fault))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(fault));
            return;
        }

        if (!PageHeaders.TryRead(context, out var page) || !EnrollmentKey.TryGroup(ServiceCall.Segment(context, "group"), out var group))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("The group id, x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        var found = filter.Demanded(IdField) is { } one
            ? await FindAsync(group, one, context.RequestAborted)
            : await FilteredPage.ReadAsync(
                page, filter.IsEmpty ? null : Accepts, (next, stop) => store.ListAsync(group, next, stop), context.RequestAborted);
        PageHeaders.Write(context, ItemType.DeviceRegistration, page, found.Next);
        await Reply.JsonAsync(
            context, StatusCodes.Status200OK, WireJson.ToUtf8Array([.. found.Items.Where(Accepts).Select(RegistrationStates.From)]));

        bool Accepts(Registration registration) => filter.Accepts(WireJson.ToUtf8(RegistrationStates.From(registration)));
    }

    private async Task<Page<Registration>> FindAsync(EnrollmentKey group, string text, CancellationToken cancellationToken)
    {
        var found = RegistrationId.TryParse(text, out var id) ? await store.FindAsync(id, cancellationToken) : null;
        return new Page<Registration>(found?.Enrollment == group ? [found] : [], null);
    }

    private static bool TryReadFilter(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out QueryFilter? filter, [NotNullWhen(false)] out string? fault)
    {
        filter = null;
        QuerySpecification? text = null;
        fault = null;
        if ((!body.Trim(" \t\r\n"u8).IsEmpty && !WireJson.TryParse(body, out text, out fault))
            || !EnrollmentQuery.TryParse(text?.Query, out var query, out fault, allowEmpty: true))
        {
            return false;
        }

        filter = new QueryFilter(query.Conditions);
        fault = filter.Fault(QueryFields);
        return fault is null;
    }
}
