using Perennial.Hub.Devices;
using Perennial.X509;

namespace Perennial.Hub.Sessions;

/// <summary>The check of a chain against an identity's own credential (hub-protocol §6.1). Pure.</summary>
public sealed class CheckCertificate(ChainPolicy policy, TrustedAuthorities authorities)
{
    /// <summary>How far clocks may differ when a pinned leaf's validity is judged.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public bool TryProve(
        DeviceIdentity device,
        CertificateChain chain,
        DateTimeOffset at,
        [NotNullWhen(true)] out ConnectionProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(chain);
        switch (device.Credential)
        {
            case DeviceCredential.Thumbprints thumbprints:
                return TryByThumbprint(thumbprints, chain.Leaf, at, out proof, out refusal);
            case DeviceCredential.FollowsEnrollment { Shown: DeviceCredential.Thumbprints shown }:
                return TryByThumbprint(shown, chain.Leaf, at, out proof, out refusal);
            case DeviceCredential.CertificateAuthority:
                return TryByAuthority(device.Id, chain, at, out proof, out refusal);
            default:
                proof = null;
                refusal = new Refusal(
                    HubRefusals.WrongCredentialKind, $"The device presented the leaf {chain.Leaf.Thumbprint}; its identity holds {device.Credential}.");
                return false;
        }
    }

    private static bool TryByThumbprint(
        DeviceCredential.Thumbprints thumbprints,
        Certificate leaf,
        DateTimeOffset at,
        [NotNullWhen(true)] out ConnectionProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        var slot = thumbprints.SlotOf(leaf);
        refusal = slot is null
            ? new Refusal(
                HubRefusals.UnknownThumbprint,
                $"The device presented {leaf.Thumbprint} ({leaf.Subject.Text}, {leaf.NotBefore:O} to {leaf.NotAfter:O}); its identity holds {thumbprints}.")
            : CheckDates(leaf, at);
        proof = refusal is null ? new ConnectionProof.ByThumbprint(slot!.Value) : null;
        return refusal is null;
    }

    private bool TryByAuthority(
        DeviceId id,
        CertificateChain chain,
        DateTimeOffset at,
        [NotNullWhen(true)] out ConnectionProof? proof,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        proof = null;
        if (!chain.Leaf.TryGetCommonName(out var name, out refusal))
        {
            return false;
        }

        if (!string.Equals(name.Value, id.Value, StringComparison.Ordinal))
        {
            refusal = new Refusal(HubRefusals.CommonNameMismatch, $"The leaf's common name is '{name}'; the device announced '{id}'.");
            return false;
        }

        var search = policy.FindPaths(chain, authorities.Anchors, at);
        refusal = search.Refusal;
        proof = refusal is null ? new ConnectionProof.ByAuthority(search.Paths[0].Anchor) : null;
        return refusal is null;
    }

    // A pinned leaf is not judged otherwise: it may be self-signed, and its extensions say nothing.
    private static Refusal? CheckDates(Certificate leaf, DateTimeOffset at) =>
        at > leaf.NotAfter + ClockSkew ? new Refusal(CertificateRefusals.Expired, $"The leaf {leaf.Thumbprint} ended at {leaf.NotAfter:O}; it was {at:O}.")
        : at < leaf.NotBefore - ClockSkew ? new Refusal(CertificateRefusals.NotYetValid, $"The leaf {leaf.Thumbprint} begins at {leaf.NotBefore:O}; it was {at:O}.")
        : null;
}
