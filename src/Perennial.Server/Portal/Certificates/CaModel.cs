using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.Server.Portal.Enrollments;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Certificates;

/// <summary>What the page of one CA certificate shows.</summary>
public sealed record CaModel
{
    public required CaCertificate Ca { get; init; }

    public required IReadOnlyList<EnrollmentKey> Uses { get; init; }

    /// <summary>The certificate below those known that signed it, and what of them it signed.</summary>
    public required IReadOnlyList<TreeNode> Tree { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool MayChange { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }

    /// <summary>What its deletion would do, when it was asked for and somebody loses access.</summary>
    public ImpactModel? Deleting { get; init; }

    public string Path => CaPages.PathOf(Ca.Name);
}
