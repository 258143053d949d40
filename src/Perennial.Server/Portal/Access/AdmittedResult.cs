using Microsoft.AspNetCore.Http;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Access;

/// <summary>
/// Gives the session's cookie, and goes on from a page of ours: the browser came from another site, and would not send a strict cookie along when
/// it were only redirected.
/// </summary>
internal sealed class AdmittedResult(SessionCookie cookie, OneTimeToken session, string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        cookie.Give(httpContext, session);
        return PortalReply.Page<GoOnPage>(path).ExecuteAsync(httpContext);
    }
}
