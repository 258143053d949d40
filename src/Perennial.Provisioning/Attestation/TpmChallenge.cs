using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>What a device with a TPM is told when it shows its public keys.</summary>
public abstract record TpmChallenge
{
    private TpmChallenge()
    {
    }

    /// <summary>The key to sign tokens with, wrapped: who can unwrap it has the TPM.</summary>
    public sealed record Posed(ReadOnlyMemory<byte> Blob) : TpmChallenge;

    public sealed record Refused(Refusal Refusal) : TpmChallenge;
}
