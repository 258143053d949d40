using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The refusals of the hub's check; each has a page <c>docs/refusals/{number}.md</c>.</summary>
public static class HubRefusals
{
    public static RefusalReason UnknownDevice { get; } = new(
        5001,
        "device-unknown",
        "The hub has no device identity of this id.",
        "Provision the device, or create its identity on this hub; ids are compared with case.");

    public static RefusalReason DeviceDisabled { get; } = new(
        5002,
        "device-disabled",
        "The device identity is disabled.",
        "Enable the device identity if the device may connect.");

    public static RefusalReason WrongCredentialKind { get; } = new(
        5003,
        "device-credential-kind",
        "The device presented another kind of credential than its identity holds.",
        "Let the device connect with the kind of credential of its identity, or change the identity's authentication.");

    public static RefusalReason NoCredential { get; } = new(
        5004,
        "device-credential-missing",
        "The device presented neither a certificate nor a token.",
        "Give the device's client its certificate and key, or its shared access key.");

    public static RefusalReason UnknownThumbprint { get; } = new(
        5005,
        "device-thumbprint-unknown",
        "The leaf stands in neither slot of the device identity.",
        "Write the leaf's SHA-256 thumbprint in a slot of the identity, or let the device register again with its new certificate.");

    public static RefusalReason CommonNameMismatch { get; } = new(
        5006,
        "device-common-name-mismatch",
        "The leaf's common name is not the device id.",
        "Issue the device a certificate whose common name is its device id, in the same case.");

    public static RefusalReason InvalidDeviceId { get; } = new(
        5007,
        "device-id-invalid",
        "The text is no device id.",
        "Use 1 to 128 letters, digits and - : . + % _ # * ? ! ( ) , = @ ; $ '.");

    public static RefusalReason WrongHub { get; } = new(
        5008,
        "device-hub-mismatch",
        "The user name or the client id of CONNECT does not fit the hub or the device.",
        "Connect with the user name '{host}/{device id}/?api-version=...' and the device id as client id.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
    [
        UnknownDevice, DeviceDisabled, WrongCredentialKind, NoCredential, UnknownThumbprint, CommonNameMismatch, InvalidDeviceId, WrongHub,
    ];
}
