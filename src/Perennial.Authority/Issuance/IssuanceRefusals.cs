using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>Every way in which a certificate is not issued. Each has its page <c>docs/refusals/{Number}.md</c>.</summary>
public static class IssuanceRefusals
{
    /// <summary>There is no profile of the name.</summary>
    public static RefusalReason ProfileUnknown { get; } = new(
        8001, "profile-unknown", "The enrollment names a certificate profile that does not exist.",
        "Make the profile with perennial ca profile save, or name another in the enrollment's credentialPolicyName.");

    /// <summary>The issuer of the profile has no active slot.</summary>
    public static RefusalReason IssuerInactive { get; } = new(
        8002, "issuer-inactive", "The issuer of the certificate profile has no active authority.",
        "Make one with perennial ca create, or activate a prepared one with perennial ca activate.");

    /// <summary>The request asks for another name than the device has.</summary>
    public static RefusalReason CommonNameDiffers { get; } = new(
        8003, "common-name-differs", "The signing request has another common name than the device's registration id.",
        "Let the device make its request with its registration id as the one common name; old and new leaf of a device have the same name.");

    /// <summary>The profile issues nothing for such keys.</summary>
    public static RefusalReason KeyNotAllowed { get; } = new(
        8004, "key-not-allowed", "The certificate profile does not issue certificates for keys of this kind.",
        "Let the device make a key of an allowed kind, or allow the kind with perennial ca profile save --keys.");

    /// <summary>The issuing certificate is over or has not begun.</summary>
    public static RefusalReason IssuerNotValid { get; } = new(
        8005, "issuer-not-valid", "The certificate of the issuing authority is not valid now.",
        "Roll the issuing authority: perennial ca request, have the request signed, perennial ca activate.");

    /// <summary>The idempotency key was used for another key pair.</summary>
    public static RefusalReason IdempotencyKeyUsed { get; } = new(
        8006, "idempotency-key-used", "The same request id came before with another public key.",
        "Let the device use a new request id for a new key.");

    /// <summary>The planned certificate is not what the profile wants.</summary>
    public static RefusalReason PlanDiffers { get; } = new(
        8007, "plan-differs", "The certificate about to be signed is not what its profile wants.",
        "Nothing was signed. Report the detail as a fault of this software.");

    /// <summary>Another authority refused the request.</summary>
    public static RefusalReason RemoteRefused { get; } = new(
        8008, "remote-refused", "The authority outside this service refused the signing request.",
        "Look at that authority's log; the detail holds its answer.");

    /// <summary>Another authority issued something else than was asked for.</summary>
    public static RefusalReason RemoteDiffers { get; } = new(
        8009, "remote-differs", "The authority outside this service issued a certificate that is not fit for the device.",
        "Set that authority to keep key and common name of a request, and to issue below the certificates of its cacerts.");

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } =
    [
        ProfileUnknown, IssuerInactive, CommonNameDiffers, KeyNotAllowed, IssuerNotValid, IdempotencyKeyUsed, PlanDiffers,
        RemoteRefused, RemoteDiffers,
    ];
}
