using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Audit;
using Perennial.Server.Fleet;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>The list of enrollments, and what is done with many of them.</summary>
internal sealed class EnrollmentListPages(
    EnrollmentListStore list, ChangeMany change, PreviewMany preview, IAuditNotes notes, TimeProvider time) : IPortalPages
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

        var picked = await PickAsync(form, context.RequestAborted);
        return picked.Count == 0
            ? PortalReply.Message(StatusCodes.Status422UnprocessableEntity, "Nothing is selected", "Select at least one enrollment in the list, then choose what to do.")
            : PortalReply.Page<BulkPage>(ModelOf(picked, act, await preview.RunAsync(picked.Keys, act, context.RequestAborted)));
    }

    private async Task<IResult> ChangeAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (ChangeMany.ActOf(form["act"]) is not { } act)
        {
            return PortalReply.NotFound();
        }

        var picked = await PickAsync(form, context.RequestAborted);
        var model = ModelOf(picked, act, await preview.RunAsync(picked.Keys, act, context.RequestAborted));
        if (FaultOf(form, model) is { } missing)
        {
            return PortalReply.Page<BulkPage>(model with { Fault = missing }, StatusCodes.Status422UnprocessableEntity);
        }

        var actor = PortalUser.ActorOf(context.User);
        var done = form["all"] == "yes"
            ? await change.RunAsync(picked.Filter, act, actor, context.RequestAborted)
            : await change.RunAsync(picked.Keys, act, actor, context.RequestAborted);
        if (NoteOf(form, model) is { } note)
        {
            await notes.NoteAsync(actor, "impact.accept", note, CancellationToken.None);
        }

        return PortalReply.SeeOther(picked.Query.With(
            ("after", null), ("before", null), ("done", act), ("n", done.Changed.ToString(CultureInfo.InvariantCulture)), ("failed", done.Failed.ToString(CultureInfo.InvariantCulture)))
            .ToString());
    }

    private static string? FaultOf(IFormCollection form, BulkModel model) =>
        model.IsUnseen ? LossForm.FaultOf(form, model.Count, "would be touched")
        : model.Impact is { } impact ? LossForm.FaultOf(form, impact)
        : null;

    private static string? NoteOf(IFormCollection form, BulkModel model) => model.IsUnseen
        ? LossForm.NoteOf(form, $"{PreviewMany.SentenceOf(model.Act, model.Count)}, more than are looked at")
        : LossForm.NoteOf(form, model.Impact, PreviewMany.SentenceOf(model.Act, model.Count));

    private static BulkModel ModelOf(Picked picked, string act, ImpactModel? impact) => new()
    {
        Kind = picked.Filter.Kind,
        Act = act,
        Count = picked.Count,
        Names = [.. picked.Keys.Take(Named).Select(key => key.Id)],
        Fields = picked.Fields,
        Back = picked.Query.ToString(),
        Impact = impact,
    };

    // What matches is counted, and named as far as it is looked at.
    private async Task<Picked> PickAsync(IFormCollection form, CancellationToken cancellationToken)
    {
        var (query, filter) = QueryOf(form);
        var fields = query.Values.Select(value => KeyValuePair.Create("filter." + value.Key, value.Value)).ToList();
        if (form["all"] == "yes")
        {
            fields.Add(KeyValuePair.Create("all", "yes"));
            return new Picked(
                query,
                filter,
                fields,
                await list.CountAsync(filter, cancellationToken),
                await list.FindAsync(filter, null, PreviewMany.Most + 1, cancellationToken));
        }

        var keys = form["id"].Take(PageSize).Select(id => EnrollmentPaths.KeyOf(EnrollmentPaths.WordOf(filter.Kind), id)).OfType<EnrollmentKey>().ToList();
        fields.AddRange(keys.Select(key => KeyValuePair.Create("id", key.Id)));
        return new Picked(query, filter, fields, keys.Count, keys);
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

    /// <summary>The enrollments that something is to be done with; of those that match a filter the first.</summary>
    private sealed record Picked(
        PortalAddressQuery Query, EnrollmentFilter Filter, IReadOnlyList<KeyValuePair<string, string>> Fields, long Count, IReadOnlyList<EnrollmentKey> Keys);
}
