using System.Runtime.InteropServices;
using System.Text;

namespace Perennial.Agent.Keys.Pkcs11;

/// <summary>What of CK_TOKEN_INFO (PKCS#11 v2.40, §3.2) is looked at.</summary>
/// <param name="Label">The label without its padding.</param>
/// <param name="Flags">The flags.</param>
/// <param name="FreeMemory">Bytes left for private objects; null when the token does not say.</param>
internal sealed record TokenState(string Label, nuint Flags, ulong? FreeMemory)
{
    /// <summary>Four texts, eleven words, then two versions and a time, padded.</summary>
    public const int Size = TextSize + (Words * sizeof(ulong)) + 24;

    public const nuint WriteProtected = 0x2;

    private const int LabelSize = 32;

    private const int TextSize = LabelSize + 32 + 16 + 16;

    private const int Words = 11;

    private const int FreePrivateMemory = 10;

    public static TokenState Read(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, nuint>(bytes.Slice(TextSize, Words * sizeof(ulong)));
        ulong free = words[FreePrivateMemory];

        // 0 is said by tokens without such a limit, the largest number by those that do not know.
        return new(Encoding.UTF8.GetString(bytes[..LabelSize]).TrimEnd(' '), words[0], free == 0 || free == nuint.MaxValue ? null : free);
    }
}
