using System.Security.Claims;
using Perennial.Server.Users;

namespace Perennial.Server.Portal;

/// <summary>Who makes a request.</summary>
public static class PortalUser
{
    private const string Scheme = "session";

    public static bool IsSignedIn(ClaimsPrincipal user) => user?.Identity?.IsAuthenticated == true;

    /// <summary>The role; null for who is not signed in.</summary>
    public static UserRole? RoleOf(ClaimsPrincipal user) =>
        Enum.TryParse<UserRole>(user?.FindFirstValue(ClaimTypes.Role), out var role) ? role : null;

    /// <summary>Whether the user may do what this role may.</summary>
    public static bool May(ClaimsPrincipal user, UserRole least) => RoleOf(user) >= least;

    /// <summary>How the user stands in the audit trail.</summary>
    public static string ActorOf(ClaimsPrincipal user) => $"user {user?.Identity?.Name}";

    internal static ClaimsPrincipal Of(User user) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, user.Name.Value), new Claim(ClaimTypes.Role, user.Role.ToString())], Scheme));
}
