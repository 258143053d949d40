using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>Up to ten enrollments of one kind in one request, each done or refused for itself (dps-protocol §7.5).</summary>
internal sealed class EnrollmentBulkEndpoint(EnrollmentForm form, ServiceCall call, IEnrollmentStore store, SaveEnrollment save, DeleteEnrollment delete)
{
    private string IdName => form.IdField;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost($"/{form.Path}", call.Endpoint(ServiceRights.EnrollmentWrite, RunAsync));

    private async Task RunAsync(HttpContext context, ServicePolicy policy, ReadOnlyMemory<byte> body)
    {
        if (AnswerImpact.IsAsked(context))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(
                $"The impact is told of one enrollment at a time: ask /{form.Path}/{{id}} with dryRun=true. Nothing was changed."));
            return;
        }

        if (!WireJson.TryParse<BulkOperationDocument>(body.Span, out var request, out var fault)
            || !Enum.TryParse<EnrollmentBulkMode>(request.Mode, ignoreCase: true, out var mode)
            || (form.Kind == EnrollmentKind.Individual ? request.Enrollments : request.EnrollmentGroups) is not { } entries
            || entries.Count > BulkOperationDocument.MaxEntries)
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(
                fault ?? $"Send a mode (create, update, updateIfMatchETag, delete) and up to {BulkOperationDocument.MaxEntries} entries."));
            return;
        }

        var errors = new List<BulkErrorDocument>();
        foreach (var entry in entries)
        {
            var id = TextOf(entry, IdName) ?? string.Empty;
            if (await RunAsync(mode, entry, id, ServiceCall.Actor(policy), context.RequestAborted) is { } error)
            {
                errors.Add(From(id, error));
            }
        }

        var result = new BulkResultDocument { IsSuccessful = errors.Count == 0, Errors = errors };
        await Reply.JsonAsync(context, StatusCodes.Status200OK, WireJson.ToUtf8(result));
    }

    private async Task<ProvisioningError?> RunAsync(EnrollmentBulkMode mode, JsonObject entry, string id, string actor, CancellationToken cancellationToken)
    {
        if (form.KeyOf(id) is not { } key)
        {
            return ProvisioningError.BadRequest.WithMessage($"{IdName}: '{id}' is not an id.");
        }

        var etag = ETag.Parse(TextOf(entry, "etag"));
        var demanded = mode != EnrollmentBulkMode.UpdateIfMatchETag && mode != EnrollmentBulkMode.Delete || etag.IsMissing || etag.IsAny ? null : etag.Value;
        if (mode == EnrollmentBulkMode.Delete)
        {
            return ErrorOf(await delete.RunAsync(key, demanded, actor, cancellationToken));
        }

        if (!form.TryRead(Encoding.UTF8.GetBytes(entry.ToJsonString()), key, out var draft, out var fault))
        {
            return ProvisioningError.BadRequest.WithMessage(fault);
        }

        var exists = await store.FindAsync(key, cancellationToken) is not null;
        return (mode, exists) switch
        {
            (EnrollmentBulkMode.Create, true) => ProvisioningError.Conflict,
            (not EnrollmentBulkMode.Create, false) => ProvisioningError.NotFound,
            _ => EnrollmentEndpoints.ErrorOf(await save.RunAsync(draft, demanded, actor, cancellationToken), key),
        };
    }

    private static ProvisioningError? ErrorOf(DeleteOutcome outcome) => outcome switch
    {
        DeleteOutcome.Deleted => null,
        DeleteOutcome.NotFound => ProvisioningError.NotFound,
        DeleteOutcome.ETagMismatch => ProvisioningError.PreconditionFailed,
        _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
    };

    private BulkErrorDocument From(string id, ProvisioningError error) => new()
    {
        RegistrationId = form.Kind == EnrollmentKind.Individual ? id : null,
        EnrollmentGroupId = form.Kind == EnrollmentKind.Group ? id : null,
        ErrorCode = error.Code,
        ErrorStatus = error.Message,
    };

    private static string? TextOf(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
