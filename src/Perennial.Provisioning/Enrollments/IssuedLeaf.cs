using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>
/// A leaf that a device obtained, or brought, under its enrollment. It counts from its record on, and those before it count until it is
/// proven by its first use.
/// </summary>
public sealed record IssuedLeaf
{
    public required Thumbprint Thumbprint { get; init; }

    public required EnrollmentKey Enrollment { get; init; }

    /// <summary>The device; its spelling is the leaf's common name.</summary>
    public required RegistrationId RegistrationId { get; init; }

    /// <summary>The leaf, and what is above it up to the root.</summary>
    public required IReadOnlyList<Certificate> Chain { get; init; }

    /// <summary>SHA-256 of the signing request.</summary>
    public required Thumbprint Request { get; init; }

    /// <summary>
    /// Whether the leaf counts by this record alone. False where the enrollment's own certificates attest it: then they decide, and the
    /// record can only take the leaf back.
    /// </summary>
    public required bool StandsAlone { get; init; }

    /// <summary>The certificate beside which it was placed in a slot, which its first use retires; null when it stands in no slot.</summary>
    public Thumbprint? PlacedBeside { get; init; }

    public required DateTimeOffset Issued { get; init; }

    /// <summary>When it was first used; null until then.</summary>
    public DateTimeOffset? Proven { get; init; }

    /// <summary>When it stopped counting, since a later one was proven; null while it counts.</summary>
    public DateTimeOffset? Retired { get; init; }

    /// <summary>The slot of the authority of this service that issued it; null when none did.</summary>
    public string? IssuedBy { get; init; }

    /// <summary>Whether the leaf or the authority that issued it was revoked.</summary>
    public bool IsRevoked { get; init; }

    public Certificate Leaf => Chain[0];
}
