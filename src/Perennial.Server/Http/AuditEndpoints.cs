using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Audit;
using Perennial.Server.Instances;

namespace Perennial.Server.Http;

/// <summary>The audit trail: pages of it, the whole of it, and the check that nothing in it was changed.</summary>
internal sealed class AuditEndpoints(ServiceCall call, IAuditTrail trail)
{
    private const string ItemType = "auditEntry";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/audit", call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => ListAsync(context)));
        routes.MapGet("/audit/export", call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => ExportAsync(context)));
        routes.MapGet("/audit/verdict", call.Endpoint(ServiceRights.ServiceConfig, (context, _, _) => VerifyAsync(context)));
    }

    private async Task ListAsync(HttpContext context)
    {
        if (!PageHeaders.TryRead(context, out var page) || !TryReadNumber(page.After, out var before))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("x-ms-max-item-count or x-ms-continuation cannot be read."));
            return;
        }

        if (!TryReadTime(context, "from", out var from) || !TryReadTime(context, "until", out var until))
        {
            await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage(
                "'from' and 'until' are times as in 2026-01-31T12:00:00Z."));
            return;
        }

        var filter = new AuditFilter { Actor = Text(context, "actor"), Action = Text(context, "action"), Subject = Text(context, "subject"), From = from, Until = until };
        var found = await trail.ListAsync(filter, before, page.Size, context.RequestAborted);
        PageHeaders.Write(context, ItemType, page, found.Next?.ToString(CultureInfo.InvariantCulture));
        AuditLine[] lines = [.. found.Records.Select(AuditLine.From)];
        await Reply.JsonAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(lines, AuditLineJson.Default.AuditLineArray));
    }

    private async Task ExportAsync(HttpContext context)
    {
        var export = new ExportAudit(trail);
        switch (Text(context, "format"))
        {
            case null or "json":
                context.Response.ContentType = "application/x-ndjson";
                await export.WriteJsonAsync(context.Response.Body, context.RequestAborted);
                break;
            case "csv":
                context.Response.ContentType = "text/csv; charset=utf-8";
                await export.WriteCsvAsync(context.Response.Body, context.RequestAborted);
                break;
            default:
                await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("'format' is json or csv."));
                break;
        }
    }

    private async Task VerifyAsync(HttpContext context)
    {
        ReadOnlyMemory<byte>? expected = null;
        if (Text(context, "expected") is { } text)
        {
            if (text.Length != AuditChain.HashLength * 2 || !text.All(char.IsAsciiHexDigit))
            {
                await call.ErrorAsync(context, ProvisioningError.BadRequest.WithMessage("'expected' is a hash of 64 hex digits."));
                return;
            }

            expected = Convert.FromHexString(text);
        }

        var verdict = AuditVerdictLine.From(await new VerifyAudit(trail).RunAsync(expected, context.RequestAborted));
        await Reply.JsonAsync(context, StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(verdict, AuditLineJson.Default.AuditVerdictLine));
    }

    private static string? Text(HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    private static bool TryReadTime(HttpContext context, string name, out DateTimeOffset? time)
    {
        time = null;
        if (Text(context, name) is not { } text)
        {
            return true;
        }

        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read);
        time = read;
        return isTime;
    }

    private static bool TryReadNumber(string? text, out long? number)
    {
        number = null;
        if (text is null)
        {
            return true;
        }

        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read);
        number = read;
        return isNumber;
    }
}
