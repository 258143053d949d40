using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>What the enrollments say of a chain.</summary>
public abstract record EnrollmentAnswer
{
    private EnrollmentAnswer()
    {
    }

    public sealed record Accepted(EnrollmentReference Enrollment, CredentialSlot Slot, Certificate Anchor) : EnrollmentAnswer;

    /// <param name="Refusal">The first check that failed.</param>
    /// <param name="Nearest">The enrollment that came nearest to taking the device, or that denied it.</param>
    public sealed record Refused(Refusal Refusal, EnrollmentReference? Nearest) : EnrollmentAnswer;
}
