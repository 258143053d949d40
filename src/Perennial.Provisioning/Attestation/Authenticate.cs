using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>The first step of a registration: which device did the handshake prove?</summary>
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

        device = new AuthenticatedDevice(announced, chain);
        return true;
    }
}
