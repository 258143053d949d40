using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Certificates;

/// <summary>What the page of certificates shows.</summary>
public sealed record CertificatesModel
{
    public required IReadOnlyList<CaLine> Cas { get; init; }

    /// <summary>The CA certificates of this page below those that signed them.</summary>
    public required IReadOnlyList<TreeNode> Tree { get; init; }

    /// <summary>The address of the next page; null on the last one.</summary>
    public required string? Next { get; init; }

    public required bool IsFirst { get; init; }

    public required IReadOnlyList<IssuerLine> Issuers { get; init; }

    public required IReadOnlyList<ProfileLine> Profiles { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool MayChange { get; init; }

    public bool MayIssue { get; init; }

    public string? Done { get; init; }
}
