using Perennial.X509;

namespace Perennial.Hub.Access;

/// <summary>The refusals of shared access signatures; each has a page <c>docs/refusals/{number}.md</c>.</summary>
public static class SasRefusals
{
    public static RefusalReason Expired { get; } = new(
        6001,
        "token-expired",
        "The life of the shared access signature is over.",
        "Let the peer make a new token, and check its clock when fresh tokens are refused.");

    public static RefusalReason WrongSignature { get; } = new(
        6002,
        "token-signature-wrong",
        "No key that may sign this shared access signature signed it.",
        "Give the peer the current primary or secondary key.");

    public static RefusalReason WrongResource { get; } = new(
        6003,
        "token-resource-wrong",
        "The shared access signature is for another resource than the one asked for.",
        "Make the token for this host and device: sr={host}/devices/{device id}.");

    public static RefusalReason UnknownPolicy { get; } = new(
        6004,
        "token-policy-unknown",
        "The shared access signature names a policy that the hub does not have.",
        "Use the name of a policy of this hub, with its key.");

    public static RefusalReason MissingPermission { get; } = new(
        6005,
        "token-permission-missing",
        "The policy that signed the shared access signature does not allow the request.",
        "Use a policy with the permission that the request needs.");

    public static RefusalReason Unreadable { get; } = new(
        6006,
        "token-unreadable",
        "The text is no shared access signature.",
        "Send 'SharedAccessSignature sr={resource}&sig={signature}&se={expiry}', with '&skn={policy}' for a policy's key.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
        [Expired, WrongSignature, WrongResource, UnknownPolicy, MissingPermission, Unreadable];
}
