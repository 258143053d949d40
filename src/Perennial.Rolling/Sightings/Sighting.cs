using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Sightings;

/// <summary>One handshake that reached a verdict, as the service saw it.</summary>
public sealed record Sighting
{
    /// <summary>The registration id; for a device identity made by hand, its id on the hub.</summary>
    public required string Device { get; init; }

    public required SightingPath Path { get; init; }

    /// <summary>Host name of the hub; null for provisioning.</summary>
    public string? Hub { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What the peer presented; null when it presented no certificate.</summary>
    public CertificateChain? Chain { get; init; }

    /// <summary>
    /// Whether the identity's own credential is an authority, and the chain was traced to it; of a leaf that an identity pins nothing is checked of what
    /// comes with it.
    /// </summary>
    public bool IsTraced { get; init; }

    /// <summary>What of an enrollment took the device; null when refused, or taken by the identity's own credential.</summary>
    public SightingMatch? Match { get; init; }

    /// <summary>Why the device was refused; null when it was accepted.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The enrollment that came nearest to taking a refused device.</summary>
    public EnrollmentKey? Nearest { get; init; }

    /// <summary>The sighting of a verdict of the attestation function.</summary>
    public static Sighting Of(AttestationVerdict verdict, SightingPath path, string? hub = null)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return new Sighting
        {
            Device = verdict.RegistrationId.Value,
            Path = path,
            Hub = hub,
            At = verdict.At,
            Chain = verdict.Proof.CertificateChain,
            Match = verdict is AttestationVerdict.Accepted a ? new SightingMatch(a.Enrollment.Key, a.Slot, a.Anchor.Thumbprint) : null,
            Refusal = (verdict as AttestationVerdict.Refused)?.Refusal,
            Nearest = (verdict as AttestationVerdict.Refused)?.Nearest,
        };
    }
}
