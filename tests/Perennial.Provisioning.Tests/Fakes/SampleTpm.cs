using System.Security.Cryptography;

namespace Perennial.Provisioning.Tests.Fakes;

/// <summary>Public areas of storage keys as a TPM writes them, of keys that no TPM holds.</summary>
internal static class SampleTpm
{
    /// <summary>TPM2B_PUBLIC of a fresh RSA 2048 key.</summary>
    public static byte[] Rsa()
    {
        using var key = RSA.Create(2048);
        return Wrap([0, 1], [0x08, 0x00, 0, 0, 0, 0, 0x01, 0x00, .. key.ExportParameters(false).Modulus!]);
    }

    /// <summary>TPM2B_PUBLIC of a fresh P-256 key.</summary>
    public static byte[] Ecc()
    {
        using var key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var q = key.ExportParameters(false).Q;
        return Wrap([0, 0x23], [0, 3, 0, 0x10, 0, 32, .. q.X!, 0, 32, .. q.Y!]);
    }

    private static byte[] Wrap(byte[] type, byte[] rest)
    {
        byte[] area = [.. type, 0, 0x0B, 0, 3, 0, 0x72, 0, 0, 0, 6, 0, 0x80, 0, 0x43, 0, 0x10, .. rest];
        return [(byte)(area.Length >> 8), (byte)area.Length, .. area];
    }
}
