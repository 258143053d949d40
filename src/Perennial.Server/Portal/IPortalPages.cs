using Microsoft.AspNetCore.Routing;

namespace Perennial.Server.Portal;

/// <summary>
/// Some pages of the portal. A page is an endpoint that loads what it shows and answers with a component; a form is an endpoint for POST
/// that does one use case and answers with <see cref="PortalReply.SeeOther"/>.
/// </summary>
internal interface IPortalPages
{
    void Map(IEndpointRouteBuilder routes);
}
