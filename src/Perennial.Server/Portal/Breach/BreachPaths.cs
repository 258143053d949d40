using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Breach;

/// <summary>The paths of breaches.</summary>
public static class BreachPaths
{
    public const string Pattern = PortalNavigation.Breach + "/{id}";

    public static string Of(string breach) => $"{PortalNavigation.Breach}/{Uri.EscapeDataString(breach)}";
}
