namespace Perennial.Provisioning.Enrollments;

/// <summary>What became of a write.</summary>
public abstract record EnrollmentWrite
{
    private EnrollmentWrite()
    {
    }

    public sealed record Saved : EnrollmentWrite;

    /// <summary>The stored enrollment is not the one that was read.</summary>
    public sealed record Changed : EnrollmentWrite;

    /// <summary>A certificate may stand in one enrollment only, itself or by its name (dps-protocol §5.5).</summary>
    /// <param name="Certificate">Which, in a sentence.</param>
    /// <param name="Holder">The other enrollment.</param>
    /// <param name="Slot">The slot of the other enrollment.</param>
    public sealed record CertificateTaken(string Certificate, EnrollmentKey Holder, Slot Slot) : EnrollmentWrite;

    /// <summary><see cref="EnrollmentCandidates.MaxKeyGroups"/> other enabled groups attest by symmetric key.</summary>
    public sealed record TooManyKeyGroups : EnrollmentWrite;
}
