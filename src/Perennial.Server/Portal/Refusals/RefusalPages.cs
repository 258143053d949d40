using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Connections;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Portal.Registrations;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Portal.Refusals;

/// <summary>The refusals, the explanation of each, and the page of each reason.</summary>
internal sealed class RefusalPages(RefusalListStore list, RecentRefusals recent, FindDevice devices, TimeProvider time) : IPortalPages
{
    public const string LivePath = PortalNavigation.Refusals + "/live";

    private const int PageSize = 50;

    public static string ReasonPath(int number) => FormattableString.Invariant($"{PortalNavigation.Refusals}/reasons/{number}");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(PortalNavigation.Refusals, async context => PortalReply.Page<RefusalListPage>(await ListAsync(context)));
        routes.Page(LivePath, async context => PortalReply.Page<RefusalTable>(await ListAsync(context)));
        routes.Page(PortalNavigation.Refusals + "/of/{at:long}/{device}", ShowAsync);
        routes.Page(PortalNavigation.Refusals + "/reasons/{number:int}", ShowReason);
    }

    private async Task<RefusalListModel> ListAsync(HttpContext context)
    {
        var query = PortalAddressQuery.Read(PortalNavigation.Refusals, context.Request.Query, "reason", "before");
        var reason = int.TryParse(query["reason"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : default(int?);
        var found = await list.ListAsync(reason, MomentOf(query["before"]), PageSize, context.RequestAborted);
        return new RefusalListModel
        {
            Query = query,
            Refusals = found.Refusals,
            Next = found.HasNext ? query.With(("before", found.Refusals[^1].At.UtcTicks.ToString(CultureInfo.InvariantCulture))).ToString() : null,
            Reasons = KnownReasons.All,
            LastHour = recent.LastHour(),
            Now = time.GetUtcNow(),
        };
    }

    private async Task<IResult> ShowAsync(HttpContext context)
    {
        var device = (string)context.Request.RouteValues["device"]!;
        if (MomentOf((string?)context.Request.RouteValues["at"]) is not { } at || await list.FindAsync(device, at, context.RequestAborted) is not { } refusal)
        {
            return PortalReply.NotFound("This refusal is not kept any more: of each device the last 32 sightings are.");
        }

        return PortalReply.Page<RefusalPage>(new RefusalModel
        {
            Refusal = refusal,
            Reason = KnownReasons.Find(refusal.RefusalNumber),
            Chain = await devices.ChainAsync(refusal, context.RequestAborted),
            Nearest = EnrollmentOf(refusal.Nearest),
            Now = time.GetUtcNow(),
        });
    }

    private static Task<IResult> ShowReason(HttpContext context)
    {
        var number = int.Parse((string)context.Request.RouteValues["number"]!, CultureInfo.InvariantCulture);
        if (KnownReasons.Find(number) is not { } reason)
        {
            return Task.FromResult(PortalReply.NotFound("There is no refusal of this number."));
        }

        // The heading stands on the page already.
        var paragraphs = (KnownReasons.PageOf(number) ?? string.Empty).ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(paragraph => !paragraph.StartsWith('#') && paragraph != reason.Title);
        return Task.FromResult(PortalReply.Page<ReasonPage>(new ReasonModel(reason, [.. paragraphs])));
    }

    private static DateTimeOffset? MomentOf(string? ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(value, TimeSpan.Zero)
            : null;

    // Sightings keep the enrollment as text: the kind, and the id in quotes.
    private static EnrollmentKey? EnrollmentOf(string? text)
    {
        var start = text?.IndexOf('\'', StringComparison.Ordinal) ?? -1;
        if (start < 0 || text![^1] != '\'' || text.Length < start + 2)
        {
            return null;
        }

        var id = text[(start + 1)..^1];
        return text.StartsWith("individual", StringComparison.Ordinal)
            ? RegistrationId.TryParse(id, out var registration) ? EnrollmentKey.Individual(registration) : null
            : EnrollmentKey.TryGroup(id, out var group) ? group : null;
    }
}
