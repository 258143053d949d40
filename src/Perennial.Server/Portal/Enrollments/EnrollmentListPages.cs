using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Server.Fleet;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>The list of enrollments, and what is done with many of them.</summary>
internal sealed class EnrollmentListPages(EnrollmentListStore list, ChangeMany change, TimeProvider time) : IPortalPages
{
    private const int PageSize = 50;
    private const int Named = 10;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(PortalNavigation.Enrollments, ShowAsync);
        routes.Form(PortalNavigation.Enrollments + "/bulk", AskAsync, UserRole.Operator);
        routes.Form(PortalNavigation.Enrollments + "/bulk/confirm", ChangeAsync, UserRole.Operator);
    }

    private async Task<IResult> ShowAsync(HttpContext context)
    {
        var query = PortalAddressQuery.Read(PortalNavigation.Enrollments, context.Request.Query, FilterQuery.Names);
        var filter = FilterQuery.Read(query);
        var place = new EnrollmentPlace(query["sort"] == "-id", query["before"] ?? query["after"], query["before"] is not null, PageSize);
        return PortalReply.Page<EnrollmentListPage>(new EnrollmentListModel
        {
            Query = query,
            Filter = filter,
            Page = await list.ListAsync(filter, place, context.RequestAborted),
            Now = time.GetUtcNow(),
            MayChange = PortalUser.May(context.User, UserRole.Operator),
            Done = DoneOf(context.Request.Query),
        });
    }

    private async Task<IResult> AskAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (ChangeMany.ActOf(form["act"]) is not { } act)
        {
            return PortalReply.NotFound();
        }

        var (query, filter) = QueryOf(form);
        var fields = new List<KeyValuePair<string, string>>(query.Values.Select(value => KeyValuePair.Create("filter." + value.Key, value.Value)));
        IReadOnlyList<string> names;
        long count;
        if (form["all"] == "yes")
        {
            count = await list.CountAsync(filter, context.RequestAborted);
            names = [.. (await list.FindAsync(filter, null, Named, context.RequestAborted)).Select(key => key.Id)];
            fields.Add(KeyValuePair.Create("all", "yes"));
        }
        else
        {
            var picked = form["id"].OfType<string>().Take(PageSize).ToList();
            (count, names) = (picked.Count, [.. picked.Take(Named)]);
            fields.AddRange(picked.Select(id => KeyValuePair.Create("id", id)));
        }

        var back = query.ToString();
        return count == 0
            ? PortalReply.Message(StatusCodes.Status422UnprocessableEntity, "Nothing is selected", "Select at least one enrollment in the list, then choose what to do.")
            : PortalReply.Page<BulkPage>(new BulkModel { Kind = filter.Kind, Act = act, Count = count, Names = names, Fields = fields, Back = back });
    }

    private async Task<IResult> ChangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (ChangeMany.ActOf(form["act"]) is not { } act)
        {
            return PortalReply.NotFound();
        }

        var (query, filter) = QueryOf(form);
        var actor = PortalUser.ActorOf(context.User);
        var done = form["all"] == "yes"
            ? await change.RunAsync(filter, act, actor, context.RequestAborted)
            : await change.RunAsync(
                [.. form["id"].Select(id => EnrollmentPaths.KeyOf(EnrollmentPaths.WordOf(filter.Kind), id)).OfType<Provisioning.Enrollments.EnrollmentKey>()],
                act,
                actor,
                context.RequestAborted);
        return PortalReply.SeeOther(query.With(
            ("after", null), ("before", null), ("done", act), ("n", done.Changed.ToString(CultureInfo.InvariantCulture)), ("failed", done.Failed.ToString(CultureInfo.InvariantCulture)))
            .ToString());
    }

    private static (PortalAddressQuery Query, EnrollmentFilter Filter) QueryOf(IFormCollection form)
    {
        var values = new QueryCollection(FilterQuery.Names.ToDictionary(name => name, name => form["filter." + name], StringComparer.Ordinal));
        var query = PortalAddressQuery.Read(PortalNavigation.Enrollments, values, FilterQuery.Names);
        return (query, FilterQuery.Read(query));
    }

    private static string? DoneOf(IQueryCollection query)
    {
        if (ChangeMany.ActOf(query["done"]) is not { } act || !long.TryParse(query["n"], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        var verb = act switch { "enable" => "enabled", "disable" => "disabled", _ => "deleted" };
        var failed = query["failed"] is { Count: 1 } left && left != "0" && long.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? string.Create(CultureInfo.InvariantCulture, $" {number:N0} were not: they had been changed or deleted meanwhile, or break a rule; look at them one by one.")
            : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "enrollment was" : "enrollments were")} {verb}.{failed}");
    }
}
