using Perennial.Provisioning.Enrollments;
using Perennial.Server.Fleet;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>What the list of enrollments shows.</summary>
public sealed record EnrollmentListModel
{
    public required PortalAddressQuery Query { get; init; }

    public required EnrollmentFilter Filter { get; init; }

    public required EnrollmentRowPage Page { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>What was done before; null for nothing.</summary>
    public string? Done { get; init; }

    /// <summary>Whether the user may change enrollments.</summary>
    public bool MayChange { get; init; }

    public bool IsDescending => Query["sort"] == "-id";

    public bool IsFiltered => Filter != new EnrollmentFilter { Kind = Filter.Kind };

    public string? First => Page.Before > 0 ? Query.With(("after", null), ("before", null)).ToString() : null;

    public string? Previous => Page.Before > 0 ? Query.With(("after", null), ("before", Page.Rows[0].Enrollment.Key.Id)).ToString() : null;

    public string? Next => Page.HasNext ? Query.With(("before", null), ("after", Page.Rows[^1].Enrollment.Key.Id)).ToString() : null;

    /// <summary>The address of a tab, with nothing else of this list.</summary>
    public static string Tab(EnrollmentKind kind) => EnrollmentPaths.ListOf(kind);
}
