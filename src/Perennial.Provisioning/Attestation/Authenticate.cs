using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>The first step of a registration: which device does the presented proof speak for?</summary>
public static class Authenticate
{
    /// <summary>Takes the chain of a completed handshake and the id that the device announced beside it.</summary>
    public static bool TryByCertificate(
        RegistrationId announced,
        CertificateChain chain,
        [NotNullWhen(true)] out AuthenticatedDevice? device,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(announced);
        ArgumentNullException.ThrowIfNull(chain);
        device = null;
        if (!chain.Leaf.TryGetCommonName(out var name, out refusal))
        {
            return false;
        }

        if (!string.Equals(name.Value, announced.Value, StringComparison.OrdinalIgnoreCase))
        {
            refusal = new Refusal(
                AttestationRefusals.CommonNameMismatch,
                $"The device announced '{announced}'; its leaf {chain.Leaf.Thumbprint} has the common name '{name}'.");
            return false;
        }

        device = new AuthenticatedDevice(announced, new DeviceProof.ByCertificate(chain));
        return true;
    }

    /// <summary>Takes a token, read, and the id that the device announced beside it.</summary>
    public static bool TryByToken(
        RegistrationId announced,
        DeviceProof.ByToken proof,
        DateTimeOffset at,
        [NotNullWhen(true)] out AuthenticatedDevice? device,
        [NotNullWhen(false)] out Refusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(announced);
        ArgumentNullException.ThrowIfNull(proof);
        var token = proof.Token;
        refusal = !token.IsForDevice ? new Refusal(AttestationRefusals.TokenResourceWrong, $"The token is not for '{announced}' of this service.")
            : at - token.Expires >= DeviceToken.ClockSkew ? new Refusal(AttestationRefusals.TokenExpired, $"It ended at {token.Expires:O}; it was {at:O}.")
            : null;
        device = refusal is null ? new AuthenticatedDevice(announced, proof) : null;
        return device is not null;
    }
}
