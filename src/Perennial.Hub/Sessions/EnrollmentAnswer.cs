using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>What the enrollments say of a credential.</summary>
public abstract record EnrollmentAnswer
{
    private EnrollmentAnswer()
    {
    }

    /// <param name="Enrollment">The enrollment that takes the device.</param>
    /// <param name="Slot">The slot that matched.</param>
    /// <param name="Anchor">The thumbprint of the certificate in that slot, or the fingerprint of the key.</param>
    public sealed record Accepted(EnrollmentReference Enrollment, CredentialSlot Slot, Thumbprint Anchor) : EnrollmentAnswer;

    /// <param name="Refusal">The first check that failed.</param>
    /// <param name="Nearest">The enrollment that came nearest to taking the device, or that denied it.</param>
    public sealed record Refused(Refusal Refusal, EnrollmentReference? Nearest) : EnrollmentAnswer
    {
        /// <summary>Not null when only a drain refuses the device: by this it may obtain a certificate, and nothing else.</summary>
        public Accepted? Drained { get; init; }
    }
}
