using System.Security.Cryptography;

namespace Perennial.Authority.Issuance;

/// <summary>Makes serial numbers.</summary>
internal static class SerialNumber
{
    private const int RandomBytes = 16;

    /// <summary>128 random bits after a byte that keeps the number positive and its length fixed.</summary>
    internal static byte[] Make()
    {
        var serial = new byte[1 + RandomBytes];
        RandomNumberGenerator.Fill(serial.AsSpan(1));
        serial[0] = 1;
        return serial;
    }
}
