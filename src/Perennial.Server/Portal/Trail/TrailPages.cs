using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Server.Audit;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Trail;

/// <summary>The audit trail: its list, each entry, the whole of it as a file, and the check that nothing in it was changed.</summary>
internal sealed class TrailPages(IAuditTrail trail, TimeProvider time) : IPortalPages
{
    /// <summary>What the list is filtered by, as it stands in the address.</summary>
    public static readonly string[] Filters = ["actor", "action", "subject", "from", "until"];

    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(PortalNavigation.Audit, async context => PortalReply.Page<TrailPage>(await ListAsync(context)));
        routes.Page(PortalNavigation.Audit + "/{number:long}", ShowAsync);
        routes.Page(PortalNavigation.Audit + "/export", ExportAsync);
        routes.Form(PortalNavigation.Audit + "/verify", VerifyAsync, UserRole.Reader);
    }

    private async Task<TrailModel> ListAsync(HttpContext context)
    {
        var query = PortalAddressQuery.Read(PortalNavigation.Audit, context.Request.Query, [.. Filters, "before"]);
        var filter = new AuditFilter
        {
            Actor = query["actor"],
            Action = query["action"],
            Subject = query["subject"],
            From = DayOf(query["from"]),
            // The last day counts to its end.
            Until = DayOf(query["until"])?.AddDays(1),
        };
        var before = long.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : default(long?);
        var page = await trail.ListAsync(filter, before, PageSize, context.RequestAborted);
        return new TrailModel
        {
            Query = query,
            Lines = [.. page.Records.Select(LineOf)],
            Next = page.Next is { } next ? query.With(("before", next.ToString(CultureInfo.InvariantCulture))).ToString() : null,
            Now = time.GetUtcNow(),
        };
    }

    private async Task<IResult> ShowAsync(HttpContext context)
    {
        var number = long.Parse((string)context.Request.RouteValues["number"]!, CultureInfo.InvariantCulture);
        if (await trail.ReadAsync(number - 1, 1, context.RequestAborted) is not [var record] || record.Number != number)
        {
            return PortalReply.NotFound("There is no entry of this number.");
        }

        return PortalReply.Page<EntryPage>(new EntryModel
        {
            Line = LineOf(record),
            Changes = CompareDocuments.Run(record.Entry.Before, record.Entry.After),
            Before = CompareDocuments.Spread(record.Entry.Before),
            After = CompareDocuments.Spread(record.Entry.After),
            Hash = AuditLine.From(record).Hash,
            Now = time.GetUtcNow(),
        });
    }

    private Task<IResult> ExportAsync(HttpContext context)
    {
        var (isCsv, export) = (context.Request.Query["format"] == "csv", new ExportAudit(trail));
        IResult file = isCsv
            ? Results.Stream(stream => export.WriteCsvAsync(stream, context.RequestAborted), "text/csv; charset=utf-8", "audit.csv")
            : Results.Stream(stream => export.WriteJsonAsync(stream, context.RequestAborted), "application/x-ndjson", "audit.jsonl");
        return Task.FromResult(file);
    }

    private async Task<IResult> VerifyAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var text = form["expected"].ToString().Trim();
        if (text.Length > 0 && (text.Length != AuditChain.HashLength * 2 || !text.All(char.IsAsciiHexDigit)))
        {
            return PortalReply.Message(
                StatusCodes.Status422UnprocessableEntity, "This is no hash", "A hash of the audit trail has 64 digits of 0-9 and A-F. Leave the field empty to check the trail without one.");
        }

        var verdict = AuditVerdictLine.From(await new VerifyAudit(trail).RunAsync(text.Length > 0 ? Convert.FromHexString(text) : default(ReadOnlyMemory<byte>?), context.RequestAborted));
        return PortalReply.Page<TrailPage>(await ListAsync(context) with
        {
            Verdict = new VerdictModel
            {
                IsWhole = verdict.Whole,
                Entries = verdict.Entries,
                Unchained = verdict.Unchained,
                Head = verdict.Head,
                Broken = verdict.Broken,
                HoldsExpected = verdict.HoldsExpected,
            },
        });
    }

    private static TrailLine LineOf(AuditRecord record) =>
        new(record.Number, record.Entry.At, record.Entry.Actor, record.Entry.Action, record.Entry.Subject);

    private static DateTimeOffset? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day < DateOnly.MaxValue
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : null;
}
