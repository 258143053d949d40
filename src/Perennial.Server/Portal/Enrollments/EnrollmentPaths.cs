using Microsoft.AspNetCore.Http;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>The paths of an enrollment's pages.</summary>
public static class EnrollmentPaths
{
    public const string Individual = "individual";

    public const string Group = "group";

    /// <summary>The pattern of an enrollment's own paths.</summary>
    public const string Pattern = PortalNavigation.Enrollments + "/{kind}/{id}";

    public static string Of(EnrollmentKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"{PortalNavigation.Enrollments}/{WordOf(key.Kind)}/{Uri.EscapeDataString(key.Id)}";
    }

    public static string ListOf(EnrollmentKind kind) =>
        kind == EnrollmentKind.Group ? $"{PortalNavigation.Enrollments}?tab=groups" : PortalNavigation.Enrollments;

    public static string WordOf(EnrollmentKind kind) => kind == EnrollmentKind.Group ? Group : Individual;

    /// <summary>The enrollment that a request's path names; null when it can name none.</summary>
    public static EnrollmentKey? KeyOf(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return KeyOf(context.Request.RouteValues["kind"] as string, context.Request.RouteValues["id"] as string);
    }

    public static EnrollmentKey? KeyOf(string? kind, string? id) => kind switch
    {
        Individual => RegistrationId.TryParse(id, out var registration) ? EnrollmentKey.Individual(registration) : null,
        Group => EnrollmentKey.TryGroup(id, out var group) ? group : null,
        _ => null,
    };
}
