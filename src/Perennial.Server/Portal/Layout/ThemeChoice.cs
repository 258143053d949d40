using Microsoft.AspNetCore.Http;

namespace Perennial.Server.Portal.Layout;

/// <summary>Light or dark colors, kept in a cookie; without one the system's choice holds.</summary>
public static class ThemeChoice
{
    private const string Cookie = "perennial-theme";
    private const string Light = "light";
    private const string Dark = "dark";

    /// <summary>The choice of a browser; null for the system's.</summary>
    public static string? Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Request.Cookies[Cookie] is Light or Dark ? context.Request.Cookies[Cookie] : null;
    }

    /// <summary>What follows a choice when the button is pressed.</summary>
    public static string After(string? choice) => choice switch
    {
        null => Light,
        Light => Dark,
        _ => "auto",
    };

    public static void Keep(HttpContext context, string? choice)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (choice is Light or Dark)
        {
            context.Response.Cookies.Append(
                Cookie, choice, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromDays(365), IsEssential = true });
        }
        else
        {
            context.Response.Cookies.Delete(Cookie);
        }
    }
}
