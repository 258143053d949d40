using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Breaches;
using Perennial.Server.Breach;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Breach;

/// <summary>What is blocked, which breaches are dealt with, and how one is begun.</summary>
internal sealed class BreachListPages(IBreachStore breaches, FollowBreach follow, IBlockStore blocks, BlockCredential block, TimeProvider time) : IPortalPages
{
    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page(PortalNavigation.Breach, async context => Show(await ModelAsync(context), StatusCodes.Status200OK));
        routes.Form(PortalNavigation.Breach, OpenAsync, UserRole.Operator);
        routes.Form(PortalNavigation.Breach + "/lift", LiftAsync, UserRole.Operator);
    }

    private async Task<IResult> OpenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (name, reason) = (form["name"].ToString().Trim(), form["reason"].ToString().Trim());
        if (!Enum.TryParse<BreachProcedure>(form["procedure"], out var procedure) || !Enum.IsDefined(procedure))
        {
            procedure = BreachProcedure.IndividualLeaf;
        }

        var slot = form["slot"] == "secondary" ? Slot.Secondary : Slot.Primary;
        var (opened, fault) = await follow.OpenAsync(procedure, name, slot, reason, PortalUser.ActorOf(context.User), context.RequestAborted);
        return opened is not null
            ? PortalReply.SeeOther(BreachPaths.Of(opened.Id))
            : Show(await ModelAsync(context) with { Fault = fault, Name = name, Reason = reason, Procedure = procedure }, StatusCodes.Status422UnprocessableEntity);
    }

    private async Task<IResult> LiftAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var isLifted = Enum.TryParse<BlockKind>(form["kind"], out var kind)
            && await block.TryLiftAsync(kind, form["name"].ToString(), PortalUser.ActorOf(context.User), context.RequestAborted);
        return PortalReply.SeeOther($"{PortalNavigation.Breach}?done={(isLifted ? "lifted" : "gone")}");
    }

    private async Task<BreachListModel> ModelAsync(HttpContext context)
    {
        var found = await blocks.ListAsync(PageOf(context, "after"), context.RequestAborted);
        var dealt = await breaches.ListAsync(PageOf(context, "breaches"), context.RequestAborted) ?? new Page<BreachCase>([], null);
        return new BreachListModel
        {
            Breaches = dealt.Items,
            NextBreaches = dealt.Next,
            Blocks = found.Items,
            Next = found.Next,
            Now = time.GetUtcNow(),
            MayChange = PortalUser.May(context.User, UserRole.Operator),
            Done = context.Request.Query["done"].ToString() switch
            {
                "lifted" => "The block was taken away.",
                "gone" => "There was no such block any more.",
                _ => null,
            },
        };
    }

    private static PageRequest PageOf(HttpContext context, string name) => new(context.Request.Query[name].ToString() is { Length: > 0 } after ? after : null, PageSize);

    private static IResult Show(BreachListModel model, int status) => PortalReply.Page<BreachListPage>(model, status);
}
