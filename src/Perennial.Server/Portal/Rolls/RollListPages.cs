using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Perennial.Rolling.Rolls;
using Perennial.Server.Portal.Layout;
using Perennial.Server.Storage.Sql;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Rolls;

/// <summary>The list of rolls.</summary>
internal sealed class RollListPages(RollListStore list, TimeProvider time) : IPortalPages
{
    private const int PageSize = 50;

    public void Map(IEndpointRouteBuilder routes) => routes.Page(PortalNavigation.Rolls, ShowAsync);

    private async Task<IResult> ShowAsync(HttpContext context)
    {
        var query = PortalAddressQuery.Read(PortalNavigation.Rolls, context.Request.Query, "state", "after", "before");
        var state = Enum.TryParse<RollState>(query["state"], out var read) && Enum.IsDefined(read) ? read : default(RollState?);
        var page = await list.ListAsync(state, query["before"] ?? query["after"], query["before"] is not null, PageSize, context.RequestAborted);
        return PortalReply.Page<RollListPage>(new RollListModel
        {
            Query = query,
            Rolls = page.Rolls,
            HasPrevious = page.HasPrevious,
            HasNext = page.HasNext,
            Now = time.GetUtcNow(),
            MayChange = PortalUser.May(context.User, UserRole.Operator),
        });
    }
}
