using Perennial.X509;

namespace Perennial.Provisioning.Issuance;

/// <summary>Why a device is given no leaf. Each has a page <c>docs/refusals/{number}.md</c>.</summary>
public static class LeafRefusals
{
    public static RefusalReason NoPolicy { get; } = new(
        3101,
        "no-credential-policy",
        "The device asks for a certificate, and its enrollment names no profile to issue one by.",
        "Name a certificate profile in the enrollment's credentialPolicyName, or let the device register without a signing request.");

    public static RefusalReason OtherName { get; } = new(
        3102,
        "request-for-another-name",
        "The signing request has another common name than the device.",
        "Let the device make its request with its registration id as the one common name; old and new leaf of a device have the same name.");

    public static RefusalReason SelfRollNotAllowed { get; } = new(
        3103,
        "self-roll-not-allowed",
        "The individual enrollment holds the device's leaf, and its certificate profile does not let the device place the next one there.",
        "Allow it with perennial ca profile save --self-roll, or stage the next certificate in the free slot of the enrollment yourself.");

    public static RefusalReason NoFreeSlot { get; } = new(
        3104,
        "no-free-slot",
        "Both slots of the individual enrollment hold certificates that an operator placed.",
        "Retire the certificate that the device no longer uses; the free slot is where the device places its next one.");

    public static RefusalReason TooMany { get; } = new(
        3107,
        "too-many-leaves",
        "The device was issued many leaves in a short time.",
        "Look why the device does not keep what it is issued; it may ask again after the wait that it is told.");

    public static RefusalReason NotDecided { get; } = new(
        3108,
        "leaf-not-decided",
        "The authority outside this service that issues the certificate has not decided yet.",
        "Decide the request at that authority; the device asks again by itself.");

    public static RefusalReason KeyUnavailable { get; } = new(
        3109,
        "issuer-key-unavailable",
        "The key of the issuing authority cannot be used now.",
        "Make its token or key file available again, as the detail says; devices ask again by themselves, and nothing else signs in its place.");

    public static RefusalReason KeyNotProven { get; } = new(
        3110,
        "key-not-proven",
        "The device brought a certificate without proof that it holds its key.",
        "Let the device send, beside the certificate, a signing request made with the certificate's key.");

    public static RefusalReason SameCertificate { get; } = new(
        3111,
        "same-certificate",
        "The device brought the certificate that it uses already.",
        "Let the device make its next certificate, with a new key, and bring that one.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
        [NoPolicy, OtherName, SelfRollNotAllowed, NoFreeSlot, TooMany, NotDecided, KeyUnavailable, KeyNotProven, SameCertificate];
}
