using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>The refusals of attestation; each has a page <c>docs/refusals/{number}.md</c>.</summary>
public static class AttestationRefusals
{
    public static RefusalReason CommonNameMismatch { get; } = new(
        3001,
        "common-name-mismatch",
        "The leaf's common name is not the registration id that the device announced.",
        "Register under the common name of the certificate, or issue the device a certificate whose common name is its registration id.");

    public static RefusalReason LeafNotEnrolled { get; } = new(
        3002,
        "leaf-not-enrolled",
        "The individual enrollment of this device holds other certificates than the one presented.",
        "Save the presented certificate in the free slot of the individual enrollment, or give the device one of the enrolled certificates.");

    public static RefusalReason LeafOfAnotherDevice { get; } = new(
        3003,
        "leaf-of-another-device",
        "The presented leaf stands in the individual enrollment of another device.",
        "Enroll each device with a certificate of its own, whose common name is the device's registration id.");

    public static RefusalReason EnrollmentDisabled { get; } = new(
        3004,
        "enrollment-disabled",
        "The nearest enrollment is disabled.",
        "Enable the enrollment if this device may provision; a disabled one refuses also where another enrollment would take the device.");

    public static RefusalReason NotEnrolled { get; } = new(
        3005,
        "not-enrolled",
        "No enrollment knows this device or any signer of its certificate.",
        "Create an individual enrollment with the device's certificate, or an enrollment group with the certificate that signed it.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
        [CommonNameMismatch, LeafNotEnrolled, LeafOfAnotherDevice, EnrollmentDisabled, NotEnrolled];
}
