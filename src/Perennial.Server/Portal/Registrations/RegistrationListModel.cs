using Perennial.Server.Fleet;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Registrations;

/// <summary>What the list of registrations shows.</summary>
public sealed record RegistrationListModel
{
    public required PortalAddressQuery Query { get; init; }

    public required RegistrationRowPage Page { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>What was done just before; null when nothing was.</summary>
    public string? Done { get; init; }

    public bool IsFiltered => Query["q"] is not null || Query["enrollment"] is not null || Query["status"] is not null;

    public string? First => Page.HasPrevious ? Query.With(("after", null), ("before", null)).ToString() : null;

    public string? Previous => Page.HasPrevious ? Query.With(("after", null), ("before", Page.Rows is [var first, ..] ? first.Registration.Id.Value : null)).ToString() : null;

    public string? Next => Page.HasNext && Page.Rows.Count > 0 ? Query.With(("before", null), ("after", Page.Rows[^1].Registration.Id.Value)).ToString() : null;
}
