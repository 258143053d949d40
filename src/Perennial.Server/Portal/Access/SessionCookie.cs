using Microsoft.AspNetCore.Http;
using Perennial.Server.Users;

namespace Perennial.Server.Portal.Access;

/// <summary>The cookie that holds a session's token, and the session behind it.</summary>
/// <param name="sessions">Where sessions are kept.</param>
/// <param name="idle">A session ends when it is not used for so long.</param>
/// <param name="isSecure">Whether browsers reach the portal over TLS, which a proxy in front of it ends.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionCookie(ISessionStore sessions, TimeSpan idle, bool isSecure, TimeProvider time)
{
    public const string Name = "perennial-session";

    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    /// <summary>The session of a request; null when there is none, or it has ended.</summary>
    public async Task<Session?> FindAsync(HttpContext context)
    {
        if (OneTimeToken.Of(context.Request.Cookies[Name]) is not { } token
            || await sessions.FindAsync(token.Hash, time.GetUtcNow() - idle, context.RequestAborted) is not { } session)
        {
            return null;
        }

        if (time.GetUtcNow() - session.Seen >= Grain)
        {
            await sessions.NoteAsync(session.Token, context.RequestAborted);
        }

        return session;
    }

    public void Give(HttpContext context, OneTimeToken token) => context.Response.Cookies.Append(Name, token.Text, Options(context));

    /// <summary>Ends the session of a request.</summary>
    public async Task TakeAsync(HttpContext context)
    {
        if (OneTimeToken.Of(context.Request.Cookies[Name]) is { } token)
        {
            await sessions.EndAsync(token.Hash, context.RequestAborted);
        }

        context.Response.Cookies.Delete(Name, Options(context));
    }

    private CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = isSecure || context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
    };
}
