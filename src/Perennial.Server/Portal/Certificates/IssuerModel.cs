using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Certificates;

/// <summary>What the page of one issuing authority shows.</summary>
public sealed record IssuerModel
{
    public required IssuerLine Line { get; init; }

    /// <summary>Its certificate below those above it.</summary>
    public required IReadOnlyList<TreeNode> Chain { get; init; }

    /// <summary>Profiles that issue by its issuer.</summary>
    public required IReadOnlyList<ProfileLine> Profiles { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool MayIssue { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }

    /// <summary>What its revocation would do, when it was asked for and somebody loses access.</summary>
    public ImpactModel? Revoking { get; init; }

    /// <summary>The reason that was picked for it.</summary>
    public string? RevocationReason { get; init; }
}
