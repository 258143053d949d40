namespace Perennial.Server.Portal.Layout;

/// <summary>The pages of the portal, in the order of the navigation.</summary>
public static class PortalNavigation
{
    public const string Overview = "/";

    public const string Enrollments = "/enrollments";

    public const string Registrations = "/registrations";

    public const string Rolls = "/rolls";

    public const string Breach = "/breach";

    public const string Refusals = "/refusals";

    public const string Certificates = "/certificates";

    public const string Hubs = "/hubs";

    public const string Audit = "/audit";

    public const string Settings = "/settings";

    public static IReadOnlyList<NavigationEntry> Entries { get; } =
    [
        new(Overview, "Overview", "M3 10.500 10 4l7 6.500M5 9v7h10V9"),
        new(Enrollments, "Manage enrollments", "M4 5h12M4 10h12M4 15h7"),
        new(Registrations, "Registration records", "M4 4h12v12H4zM7 8h6M7 12h4"),
        new(Rolls, "Rolls", "M16 10a6 6 0 1 1-2-4.500M16 3v3.500h-3.500"),
        new(Breach, "Breach", "M10 3 17 16H3zM10 8v4M10 14h0"),
        new(Refusals, "Refusals", "M10 3a7 7 0 1 0 0 14a7 7 0 0 0 0-14M5 5l10 10"),
        new(Certificates, "Certificates", "M4 4h12v8H4zM8 12v5l2-1.500 2 1.500v-5"),
        new(Hubs, "Hubs", "M10 10h0M10 10 4 5M10 10l6-5M10 10v7M4 5h0M16 5h0M10 17h0"),
        new(Audit, "Audit", "M5 3h7l3 3v11H5zM8 9h4M8 12h4"),
        new(Settings, "Settings", "M4 6h7M15 6h1M4 14h1M9 14h7M13 4v4M7 12v4"),
    ];
}
