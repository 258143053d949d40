using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>What is said, at one instant, of one device and what it presented.</summary>
public abstract record AttestationVerdict
{
    private AttestationVerdict(RegistrationId registrationId, DeviceProof proof, DateTimeOffset at)
    {
        RegistrationId = registrationId;
        Proof = proof;
        At = at;
    }

    /// <summary>The id that the device announced.</summary>
    public RegistrationId RegistrationId { get; }

    public DeviceProof Proof { get; }

    public DateTimeOffset At { get; }

    /// <summary>An enrollment takes the device. Only <see cref="DeviceAttestation"/> makes one.</summary>
    public sealed record Accepted : AttestationVerdict
    {
        internal Accepted(AuthenticatedDevice device, DateTimeOffset at, Enrollment enrollment, Slot slot, AttestationAnchor anchor)
            : base(device.RegistrationId, device.Proof, at)
        {
            Enrollment = enrollment;
            Slot = slot;
            Anchor = anchor;
        }

        public Enrollment Enrollment { get; }

        /// <summary>The slot that matched.</summary>
        public Slot Slot { get; }

        /// <summary>What stands in that slot.</summary>
        public AttestationAnchor Anchor { get; }

        /// <summary>The drain that the device is under: then it may obtain a certificate by its order and rate, and nothing else.</summary>
        public Block? Drain { get; internal init; }
    }

    /// <summary>The proof is not for the announced id, no enrollment takes the device, or the nearest one denies it.</summary>
    public sealed record Refused : AttestationVerdict
    {
        public Refused(RegistrationId registrationId, DeviceProof proof, DateTimeOffset at, Refusal refusal, EnrollmentKey? nearest)
            : base(registrationId, proof, at)
        {
            Refusal = refusal;
            Nearest = nearest;
        }

        internal Refused(AuthenticatedDevice device, DateTimeOffset at, Refusal refusal, EnrollmentKey? nearest)
            : this(device.RegistrationId, device.Proof, at, refusal, nearest)
        {
        }

        public Refusal Refusal { get; }

        /// <summary>The enrollment that came nearest to taking the device, or that denied it.</summary>
        public EnrollmentKey? Nearest { get; }

        /// <summary>Not null when only a drain refuses the device: by this it may obtain a certificate, and nothing else.</summary>
        public Accepted? Drained { get; internal init; }
    }
}
