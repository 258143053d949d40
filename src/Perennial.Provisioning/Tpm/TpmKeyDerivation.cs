using System.Security.Cryptography;
using System.Text;

namespace Perennial.Provisioning.Tpm;

/// <summary>KDFa and KDFe of the TPM Library Specification, part 1, §11.4.10, for keys of at most 256 bits.</summary>
internal static class TpmKeyDerivation
{
    public static byte[] Kdfa(ReadOnlySpan<byte> key, string label, ReadOnlySpan<byte> context, int length) =>
        HMACSHA256.HashData(key, [.. TpmBuffer.UInt32(1), .. Label(label), .. context, .. TpmBuffer.UInt32((uint)length * 8)])[..length];

    public static byte[] Kdfe(ReadOnlySpan<byte> shared, string label, ReadOnlySpan<byte> partyU, ReadOnlySpan<byte> partyV) =>
        SHA256.HashData([.. TpmBuffer.UInt32(1), .. shared, .. Label(label), .. partyU, .. partyV]);

    /// <summary>A label with the zero that ends it.</summary>
    public static byte[] Label(string label) => [.. Encoding.ASCII.GetBytes(label), 0];
}
