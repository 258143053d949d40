using Perennial.Hub.Access;
using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The check of a token against an identity's keys and the hub's policies (hub-protocol §0.4, §0.5). Pure.</summary>
public sealed class CheckToken(AuthorizeCaller callers)
{
    /// <param name="device">The identity of a device or module.</param>
    /// <param name="owner">The same, or the device of the module: a token of a device covers its modules.</param>
    /// <param name="token">What was presented.</param>
    /// <param name="at">The instant of the check.</param>
    /// <param name="proof">What proves it.</param>
    /// <param name="refusal">What does not hold.</param>
    public bool TryProve(
        DeviceIdentity device,
        DeviceIdentity owner,
        PresentedToken token,
        DateTimeOffset at,
        [NotNullWhen(true)] out ConnectionProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(token);
        proof = null;
        if (KeysOf(device.Credential) is not { } keys)
        {
            refusal = new Refusal(HubRefusals.WrongCredentialKind, $"The device presented a token; its identity holds {device.Credential}.");
            return false;
        }

        if (token.PolicyName is not null)
        {
            proof = callers.TryAuthorize(token, HubPermissions.DeviceConnect, out var policy, out refusal)
                ? new ConnectionProof.ByPolicy(policy.Name)
                : null;
            return proof is not null;
        }

        return TryByKey(device.Id, SignerOf(token, keys, owner.Credential), token, at, out proof, out refusal);
    }

    private static CredentialSlot? SignerOf(PresentedToken token, DeviceCredential.SymmetricKeys own, DeviceCredential owner) =>
        SlotOf(token, own) ?? (owner is DeviceCredential.SymmetricKeys keys && !ReferenceEquals(keys, own) ? SlotOf(token, keys) : null);

    private static CredentialSlot? SlotOf(PresentedToken token, DeviceCredential.SymmetricKeys keys) =>
        token.IsSignedBy(keys.Primary) ? CredentialSlot.Primary
        : token.IsSignedBy(keys.Secondary) ? CredentialSlot.Secondary
        : null;

    /// <summary>What is wrong with a token of a device's own key, whichever key signed it; null when nothing is.</summary>
    public static Refusal? CheckTerms(DeviceId id, PresentedToken token, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(token);
        return at - token.Expires >= AuthorizeCaller.ClockSkew ? new Refusal(SasRefusals.Expired, $"It ended at {token.Expires:O}; it was {at:O}.")
            : !token.Covers ? new Refusal(SasRefusals.WrongResource, $"The token does not cover the device '{id}' of this hub.")
            : null;
    }

    private static DeviceCredential.SymmetricKeys? KeysOf(DeviceCredential credential) =>
        credential as DeviceCredential.SymmetricKeys
        ?? (credential as DeviceCredential.FollowsEnrollment)?.Shown as DeviceCredential.SymmetricKeys;

    private static bool TryByKey(
        DeviceId id,
        CredentialSlot? slot,
        PresentedToken token,
        DateTimeOffset at,
        [NotNullWhen(true)] out ConnectionProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = slot is null ? new Refusal(SasRefusals.WrongSignature, $"Neither key of the device identity '{id}' signed the token.")
            : CheckTerms(id, token, at);
        proof = refusal is null ? new ConnectionProof.BySymmetricKey(slot!.Value) : null;
        return refusal is null;
    }
}
