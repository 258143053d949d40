using Microsoft.AspNetCore.Http;
using Perennial.Hub.Registry;
using Perennial.Hub.Twins;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Hub.Registry;
using Perennial.Server.Hubs;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>Many changes of the registry in one request (hub-protocol §4.6). Each stands alone: one that fails stops no other.</summary>
internal static class BulkEndpoint
{
    private const string OfTheSystem = "Ids with a leading $ belong to the system.";

    public static async Task<HubReply> RunAsync(HubCall call, AnswerIdentityImpact impact)
    {
        var (operations, unreadable) = await call.ReadAsync<BulkOperationsDocument>();
        if (operations is null)
        {
            return unreadable!;
        }

        if (operations.Count > BulkOperationsDocument.MaxCount)
        {
            return HubReply.Fail(HubError.TooManyDevices, $"At most {BulkOperationsDocument.MaxCount} devices in one request.");
        }

        var isDryRun = AnswerImpact.IsAsked(call.Context);
        var (errors, warnings, changes) = (new List<BulkErrorDocument>(), new List<BulkWarningDocument>(), new List<IdentityChange>());
        foreach (var operation in operations)
        {
            if (await (isDryRun ? PlanAsync(call, operation, changes) : ApplyAsync(call, operation, warnings)) is { } fault)
            {
                errors.Add(new BulkErrorDocument
                {
                    DeviceId = operation?.Id ?? string.Empty,
                    ModuleId = operation?.ModuleId,
                    ErrorCode = fault.Error!.Name,
                    ErrorStatus = fault.Detail,
                });
            }
        }

        if (isDryRun && errors.Count == 0)
        {
            return await impact.RunAsync(call, [.. changes.GroupBy(change => change.Id).Select(same => new IdentityChange(same.First().Before, same.Last().After))]);
        }

        return HubReply.Of(new BulkResultDocument { IsSuccessful = errors.Count == 0, Errors = errors, Warnings = warnings }) with
        {
            Status = errors.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
    }

    /// <returns>Why the change was not made; null when it was.</returns>
    private static async Task<HubReply?> ApplyAsync(HubCall call, BulkOperationDocument? operation, List<BulkWarningDocument> warnings)
    {
        if (operation is null || !DeviceId.TryParse(operation.Id, operation.ModuleId, out var id) || !TryReadMode(operation, out var mode, out var etag))
        {
            return Unreadable(operation);
        }

        return mode switch
        {
            "DELETE" => RegistryEndpoints.Fault(id, await call.Hub.Delete.RunAsync(id, etag, call.Actor, call.Aborted)),
            "UPDATETWIN" => await UpdateTwinAsync(call, id, operation, etag),
            "CREATE" => await WriteAsync(call, id, operation, isNew: true, etag) ?? await AddTwinAsync(call, id, operation, warnings),
            _ => await WriteAsync(call, id, operation, isNew: false, etag),
        };
    }

    /// <returns>Why the change would not be made; null when it would. A twin is no matter of trust.</returns>
    private static async Task<HubReply?> PlanAsync(HubCall call, BulkOperationDocument? operation, List<IdentityChange> changes)
    {
        if (operation is null || !DeviceId.TryParse(operation.Id, operation.ModuleId, out var id) || !TryReadMode(operation, out var mode, out var etag))
        {
            return Unreadable(operation);
        }

        if (mode == "UPDATETWIN")
        {
            return null;
        }

        var isNew = mode == "CREATE";
        RequestedDevice? requested = null;
        if (mode != "DELETE" && (!TryRead(operation, id, out requested, out var fault) || (isNew && id.IsSystem)))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, fault ?? OfTheSystem);
        }

        var (change, planned) = requested is null
            ? await PlanIdentity.OfDeleteAsync(call.Hub, id, etag, call.Aborted)
            : await PlanIdentity.OfWriteAsync(call.Hub, requested, isNew, etag, call.Aborted);
        if (change is null)
        {
            return RegistryEndpoints.Fault(id, planned) ?? RegistryEndpoints.NotFound(id);
        }

        changes.Add(change);
        return null;
    }

    private static HubReply Unreadable(BulkOperationDocument? operation) =>
        HubReply.Fail(HubError.ArgumentInvalid, $"The device id or the import mode '{operation?.ImportMode}' is not acceptable.");

    private static async Task<HubReply?> WriteAsync(HubCall call, DeviceId id, BulkOperationDocument operation, bool isNew, string? etag)
    {
        if (!TryRead(operation, id, out var requested, out var fault) || (isNew && id.IsSystem))
        {
            return HubReply.Fail(HubError.ArgumentInvalid, fault ?? OfTheSystem);
        }

        var write = isNew
            ? await call.Hub.Create.RunAsync(requested, call.Actor, call.Aborted)
            : await call.Hub.Save.RunAsync(requested, etag, call.Actor, call.Aborted);
        return RegistryEndpoints.Fault(id, write);
    }

    // The device is there by then: a twin that breaks a rule is told as a warning.
    private static async Task<HubReply?> AddTwinAsync(HubCall call, DeviceId id, BulkOperationDocument operation, List<BulkWarningDocument> warnings)
    {
        if ((operation.Tags ?? operation.Properties?.Desired) is not null && await UpdateTwinAsync(call, id, operation, null) is { } fault)
        {
            warnings.Add(new BulkWarningDocument
            {
                DeviceId = id.Device,
                WarningCode = BulkWarningDocument.DeviceRegisteredWithoutTwin,
                WarningStatus = fault.Detail,
            });
        }

        return null;
    }

    private static async Task<HubReply?> UpdateTwinAsync(HubCall call, DeviceId id, BulkOperationDocument operation, string? etag)
    {
        var change = new TwinChangeDocument { Tags = operation.Tags, Properties = operation.Properties };
        return await call.Hub.UpdateTwin.MergeAsync(id, TwinDocuments.Tags(change), TwinDocuments.Desired(change), etag, call.Aborted) switch
        {
            TwinChange.Changed => null,
            TwinChange.Refused { Fault: { Kind: TwinFaultKind.PreconditionFailed } stale } => HubReply.Fail(HubError.PreconditionFailed, stale.Message),
            TwinChange.Refused refused => HubReply.Fail(HubError.ArgumentInvalid, refused.Fault.Message),
            _ => RegistryEndpoints.NotFound(id),
        };
    }

    private static bool TryRead(
        BulkOperationDocument operation, DeviceId id, [NotNullWhen(true)] out RequestedDevice? requested, [NotNullWhen(false)] out string? fault)
    {
        if (id.IsModule)
        {
            var module = new ModuleIdentityDocument { Authentication = operation.Authentication, ManagedBy = operation.ManagedBy };
            return ModuleDocuments.TryRead(module, id, out requested, out fault);
        }

        var device = new DeviceIdentityDocument
        {
            Status = operation.Status,
            StatusReason = operation.StatusReason,
            Authentication = operation.Authentication,
            Capabilities = operation.Capabilities,
            DeviceScope = operation.DeviceScope,
        };
        return DeviceDocuments.TryRead(device, id, out requested, out fault);
    }

    /// <summary>Splits a mode into what to do and the tag to compare.</summary>
    private static bool TryReadMode(BulkOperationDocument operation, out string mode, out string? etag)
    {
        const string Compares = "IFMATCHETAG";
        mode = operation.ImportMode?.ToUpperInvariant() ?? "CREATE";
        etag = null;
        if (mode.EndsWith(Compares, StringComparison.Ordinal))
        {
            mode = mode[..^Compares.Length];
            var given = ETag.Parse(mode == "UPDATETWIN" ? operation.TwinEtag : operation.Etag);
            etag = given.IsAny ? null : given.Value ?? string.Empty;
        }

        return mode is "CREATE" or "UPDATE" or "DELETE" or "UPDATETWIN";
    }
}
