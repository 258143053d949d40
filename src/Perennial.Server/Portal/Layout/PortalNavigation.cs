namespace Perennial.Server.Portal.Layout;

/// <summary>The pages of the portal, in the order of the navigation.</summary>
public static class PortalNavigation
{
    public const string Overview = "/";

    public const string Enrollments = "/enrollments";

    public static IReadOnlyList<NavigationEntry> Entries { get; } =
    [
        new(Overview, "Overview", "M3 10.500 10 4l7 6.500M5 9v7h10V9"),
        new(Enrollments, "Manage enrollments", "M4 5h12M4 10h12M4 15h7"),
    ];
}
