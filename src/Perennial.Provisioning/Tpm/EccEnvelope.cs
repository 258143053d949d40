using System.Security.Cryptography;

namespace Perennial.Provisioning.Tpm;

/// <summary>A secret agreed with a P-256 key by a key of one use (TPM Library Specification, part 1, annex C.6.1).</summary>
internal static class EccEnvelope
{
    public static bool IsOnCurve(ECPoint point)
    {
        try
        {
            using var key = ECDiffieHellman.Create(Parameters(point));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <returns>The seed, and the point from which the holder of the key makes the same.</returns>
    public static (byte[] Seed, byte[] Secret) Agree(ECPoint point, string label)
    {
        using var recipient = ECDiffieHellman.Create(Parameters(point));
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var q = ephemeral.ExportParameters(includePrivateParameters: false).Q;
        var shared = ephemeral.DeriveRawSecretAgreement(recipient.PublicKey);
        return (TpmKeyDerivation.Kdfe(shared, label, q.X, point.X), [.. TpmBuffer.Sized(q.X), .. TpmBuffer.Sized(q.Y)]);
    }

    private static ECParameters Parameters(ECPoint point) => new() { Curve = ECCurve.NamedCurves.nistP256, Q = point };
}
