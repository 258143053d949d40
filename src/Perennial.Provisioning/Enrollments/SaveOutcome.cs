namespace Perennial.Provisioning.Enrollments;

/// <summary>What became of a save.</summary>
public abstract record SaveOutcome
{
    private SaveOutcome()
    {
    }

    public sealed record Saved(Enrollment Enrollment) : SaveOutcome;

    /// <summary>The draft breaks a rule; the sentence names the object and the remedy.</summary>
    public sealed record Invalid(string Sentence) : SaveOutcome;

    /// <summary>The caller's ETag is not the stored one.</summary>
    public sealed record ETagMismatch : SaveOutcome;

    /// <summary>Another enrollment holds the certificate, or refers to it.</summary>
    /// <param name="Certificate">Which, in a sentence.</param>
    /// <param name="Holder">The other enrollment.</param>
    /// <param name="Slot">The slot of the other enrollment.</param>
    public sealed record CertificateTaken(string Certificate, EnrollmentKey Holder, Slot Slot) : SaveOutcome;
}
