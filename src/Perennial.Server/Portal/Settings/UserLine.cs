using Perennial.Server.Users;

namespace Perennial.Server.Portal.Settings;

/// <summary>A user in a list.</summary>
/// <param name="Name">The name.</param>
/// <param name="Role">What the user may do.</param>
/// <param name="IsExternal">Whether the user signs in at the OpenID provider, which also says the role.</param>
/// <param name="SignedIn">When last; null when never.</param>
public sealed record UserLine(string Name, UserRole Role, bool IsExternal, DateTimeOffset? SignedIn);
