using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>What is said, at one instant, of one device and the chain it presented.</summary>
public abstract record AttestationVerdict
{
    private AttestationVerdict(RegistrationId registrationId, CertificateChain chain, DateTimeOffset at)
    {
        RegistrationId = registrationId;
        Chain = chain;
        At = at;
    }

    /// <summary>The id that the device announced.</summary>
    public RegistrationId RegistrationId { get; }

    public CertificateChain Chain { get; }

    public DateTimeOffset At { get; }

    /// <summary>An enrollment takes the device. Only <see cref="DeviceAttestation"/> makes one.</summary>
    public sealed record Accepted : AttestationVerdict
    {
        internal Accepted(AuthenticatedDevice device, DateTimeOffset at, Enrollment enrollment, Slot slot, Certificate anchor)
            : base(device.RegistrationId, device.Chain, at)
        {
            Enrollment = enrollment;
            Slot = slot;
            Anchor = anchor;
        }

        public Enrollment Enrollment { get; }

        /// <summary>The slot whose certificate matched.</summary>
        public Slot Slot { get; }

        /// <summary>The certificate in that slot: the leaf itself, or the signing certificate above it.</summary>
        public Certificate Anchor { get; }
    }

    /// <summary>The chain does not prove the announced id, no enrollment takes the device, or the nearest one denies it.</summary>
    public sealed record Refused : AttestationVerdict
    {
        public Refused(RegistrationId registrationId, CertificateChain chain, DateTimeOffset at, Refusal refusal, EnrollmentKey? nearest)
            : base(registrationId, chain, at)
        {
            Refusal = refusal;
            Nearest = nearest;
        }

        public Refusal Refusal { get; }

        /// <summary>The enrollment that came nearest to taking the device, or that denied it.</summary>
        public EnrollmentKey? Nearest { get; }
    }
}
