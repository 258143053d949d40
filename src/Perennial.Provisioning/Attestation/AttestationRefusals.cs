using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
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

    public static RefusalReason OtherMechanism { get; } = new(
        3006,
        "other-mechanism",
        "The individual enrollment of this device attests by another mechanism than the device uses.",
        "Let the device prove itself by the mechanism of its enrollment, or save the enrollment with the device's mechanism.");

    public static RefusalReason KeyNotEnrolled { get; } = new(
        3007,
        "key-not-enrolled",
        "Neither key of the individual enrollment signed the device's token.",
        "Give the device the enrollment's current primary or secondary key; the enrollment's attestation mechanism shows both.");

    public static RefusalReason NoKeyEnrolled { get; } = new(
        3008,
        "no-key-enrolled",
        "No individual enrollment knows this device, and no group has a key that derives the one that signed its token.",
        "Create an individual enrollment, or give the device the key that 'perennial compute-device-key' derives from its group's key for its registration id.");

    public static RefusalReason GroupKeyUsed { get; } = new(
        3009,
        "group-key-used",
        "The device signed its token with the key of a group instead of a key of its own.",
        "Keep the group's key off devices: give each the key that 'perennial compute-device-key' derives for its registration id, and replace the group's key where it lay on a device.");

    public static RefusalReason TokenExpired { get; } = new(
        3010,
        "registration-token-expired",
        "The life of the device's token is over.",
        "Let the device make a new token, and check its clock when fresh tokens are refused.");

    public static RefusalReason TokenResourceWrong { get; } = new(
        3011,
        "registration-token-resource-wrong",
        "The device's token is for something else than the registration that it announced.",
        "Make the token for sr={idScope}/registrations/{registrationId} with skn=registration, or without skn.");

    public static RefusalReason TpmKeyUnreadable { get; } = new(
        3012,
        "tpm-key-unreadable",
        "The public key of the TPM cannot be read, or is of a kind that is not understood.",
        "Send TPM2B_PUBLIC in base64, of an RSA 2048 or NIST P-256 storage key with SHA-256 and AES-128 CFB that is fixed to its TPM.");

    public static RefusalReason TpmNotEnrolled { get; } = new(
        3013,
        "tpm-not-enrolled",
        "No individual enrollment of this registration id attests by TPM.",
        "Create an individual enrollment with the TPM's endorsement key under the registration id that the device uses.");

    public static RefusalReason OtherTpm { get; } = new(
        3014,
        "other-tpm",
        "The device showed other TPM keys than its enrollment holds.",
        "Save the enrollment with the endorsement key of the device's TPM, and without a storage root key or with the one it uses now.");

    public static RefusalReason Blocked { get; } = new(
        3015,
        "blocked",
        "The device, its certificate or an authority above it is blocked.",
        "Give the device a credential that is not blocked, or take the block away if it was made in error.");

    public static RefusalReason Drained { get; } = new(
        3016,
        "drained",
        "The device's certificate is drained: the device may obtain a new one, and nothing else.",
        "Let the device obtain a new certificate, by a signing request at its registration, by EST or on its hub connection; with that one it goes on.");

    public static RefusalReason LeafRetired { get; } = new(
        3105,
        "leaf-retired",
        "The device proved a later leaf, and with it this one stopped counting.",
        "Let the device use its latest certificate, or register with its onboarding credential to be issued a new one.");

    public static RefusalReason LeafRevoked { get; } = new(
        3106,
        "leaf-revoked",
        "The leaf, or the authority that issued it, was revoked.",
        "Let the device register with its onboarding credential to be issued a leaf by the active authority.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
    [
        CommonNameMismatch, LeafNotEnrolled, LeafOfAnotherDevice, EnrollmentDisabled, NotEnrolled, OtherMechanism, KeyNotEnrolled, NoKeyEnrolled,
        GroupKeyUsed, TokenExpired, TokenResourceWrong, TpmKeyUnreadable, TpmNotEnrolled, OtherTpm, Blocked, Drained, LeafRetired, LeafRevoked,
    ];

    /// <summary>The refusal of what is blocked, or drained.</summary>
    public static Refusal BlockedBy(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return block.IsCut
            ? new(Blocked, $"The {block.Describe()} is blocked since {block.At:u}: {block.Reason}")
            : new(Drained, $"The {block.Describe()} is drained since {block.At:u}: {block.Reason}");
    }

    internal static Refusal DisabledBy(EnrollmentKey enrollment) => new(EnrollmentDisabled, $"The {enrollment} is disabled.");
}
