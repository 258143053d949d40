using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>A chain as devices will present it.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Name">The common name of its leaf.</param>
/// <param name="Bytes">Bytes of its certificates in a handshake.</param>
public sealed record Specimen(CertificateChain Chain, string Name, int Bytes)
{
    /// <summary>What decides about it, when it is made by keys of its own that stand for those of the authorities; null when the stored enrollments do.</summary>
    public EnrollmentCandidates? Candidates { get; init; }

    /// <summary>What stands for the old signing certificate then; null when it stands for itself.</summary>
    public Thumbprint? OldAnchor { get; init; }

    /// <summary>The same when the old certificate is retired.</summary>
    public EnrollmentCandidates? CandidatesAfterwards { get; init; }

    /// <summary>Authorities, each with what stands for it in the chain; none when the chain is theirs.</summary>
    public IReadOnlyList<(Certificate Authority, Certificate StandIn)> StandIns { get; init; } = [];

    public Certificate StandInFor(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return StandIns.FirstOrDefault(pair => pair.Authority.Thumbprint == certificate.Thumbprint).StandIn ?? certificate;
    }

    public Certificate OriginalOf(Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return StandIns.FirstOrDefault(pair => pair.StandIn.Thumbprint == certificate.Thumbprint).Authority ?? certificate;
    }
}
