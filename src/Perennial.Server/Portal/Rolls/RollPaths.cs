using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Rolls;

/// <summary>The paths of a roll's page and of what is done there.</summary>
public static class RollPaths
{
    public const string New = PortalNavigation.Rolls + "/new";

    public const string Pattern = PortalNavigation.Rolls + "/{id}";

    public static string Of(string roll) => $"{PortalNavigation.Rolls}/{Uri.EscapeDataString(roll)}";
}
