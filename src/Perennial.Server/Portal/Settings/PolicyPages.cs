using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Server.Audit;
using Perennial.Server.Hubs;
using Perennial.Server.Instances;
using Perennial.Server.Policies;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Settings;

/// <summary>Shared access policies: what tools and services sign with.</summary>
internal sealed class PolicyPages(
    InstanceDocument instance, ChangePolicies change, PolicyFile file, LivePolicies live, ServedHubs hubs, IAuditNotes audit) : IPortalPages
{
    private const string Policies = PortalNavigation.Settings + "/policies";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(PortalNavigation.Settings, context => Task.FromResult(Show(context)));
        routes.Form(Policies, SaveAsync, UserRole.Administrator);
        routes.Form(Policies + "/keys", ShowKeysAsync, UserRole.Administrator);
        routes.Form(Policies + "/roll", RollAsync, UserRole.Administrator);
        routes.Form(Policies + "/delete", DeleteAsync, UserRole.Administrator);
    }

    private IResult Show(HttpContext context, KeysModel? keys = null, string? fault = null) => PortalReply.Page<PoliciesPage>(
        new PoliciesModel
        {
            Scopes = [.. live.Current.Scopes.Select(scope => new PolicyScopeLine(
                scope.Hub ?? string.Empty,
                scope.Hub is null ? "Provisioning service" : $"Hub {scope.Hub}",
                RightNames.Of(scope.All),
                [.. live.Current.Of(scope)!.Select(policy => new PolicyLine(scope.Hub ?? string.Empty, policy.Name, RightNames.Of(policy.Rights)))]))],
            MayChange = PortalUser.May(context.User, UserRole.Administrator),
            Keys = keys,
            Done = context.Request.Query["done"].ToString() switch
            {
                "saved" => "The policy was saved, and counts at once.",
                "rolled" => "The key was replaced: what it signed is refused from now on. The other key stays good.",
                "deleted" => "The policy was deleted: what its keys signed is refused from now on.",
                _ => null,
            },
            Fault = fault,
        },
        fault is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private async Task<IResult> SaveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return RightNames.TryParse(form["right"].ToString(), out var rights)
            ? await DoneAsync(context, await change.SaveAsync(ScopeOf(form), form["name"].ToString().Trim(), rights, context.RequestAborted), "saved")
            : Show(context, fault: "Choose at least one right.");
    }

    private async Task<IResult> ShowKeysAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var scope = ScopeOf(form);
        if (ChangePolicies.Find(live.Current.Of(scope) ?? [], form["name"].ToString()) is not { } policy)
        {
            return Show(context, fault: Gone);
        }

        var host = scope.Hub is null ? instance.Host : hubs.FindByName(scope.Hub)?.HostName ?? instance.Host;
        await audit.NoteAsync(PortalUser.ActorOf(context.User), "policy.show-keys", $"policy '{policy.Name}' of {scope}", context.RequestAborted);
        return Show(context, new KeysModel(
            $"Keys of the policy {policy.Name} of {scope}.",
            [
                ("Primary key", policy.PrimaryKey),
                ("Secondary key", policy.SecondaryKey),
                ("Connection string", $"HostName={host};SharedAccessKeyName={policy.Name};SharedAccessKey={policy.PrimaryKey}"),
            ]));
    }

    private async Task<IResult> RollAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return await DoneAsync(
            context,
            await change.RollKeyAsync(ScopeOf(form), form["name"].ToString(), form["slot"] == "primary", context.RequestAborted),
            "rolled");
    }

    private async Task<IResult> DeleteAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return await DoneAsync(context, await change.DeleteAsync(ScopeOf(form), form["name"].ToString(), context.RequestAborted), "deleted");
    }

    private async Task<IResult> DoneAsync(HttpContext context, PolicyChange outcome, string done)
    {
        switch (outcome)
        {
            case PolicyChange.Saved or PolicyChange.Deleted:
                await live.ApplyAsync(file.Read(), hubs, PortalUser.ActorOf(context.User));
                return PortalReply.SeeOther($"{PortalNavigation.Settings}?done={done}");
            case PolicyChange.Invalid invalid:
                return Show(context, fault: invalid.Sentence);
            default:
                return Show(context, fault: Gone);
        }
    }

    private const string Gone = "There is no such policy any more.";

    private static PolicyScope ScopeOf(IFormCollection form) =>
        form["scope"].ToString() is { Length: > 0 } hub ? new PolicyScope(hub) : PolicyScope.Provisioning;
}
