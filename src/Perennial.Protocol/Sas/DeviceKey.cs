using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Perennial.Protocol.Sas;

/// <summary>Symmetric keys of devices: their text form, and how a group's key gives each device its own.</summary>
/// <remarks>Source: dps-protocol §4.1, §4.2.</remarks>
public static class DeviceKey
{
    /// <summary>The fewest bytes of a key.</summary>
    public const int MinLength = 16;

    /// <summary>The most bytes of a key.</summary>
    public const int MaxLength = 64;

    /// <summary>Reads a key in base64.</summary>
    /// <param name="base64">The text.</param>
    /// <param name="key">16 to 64 bytes, when it could be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string? base64, [NotNullWhen(true)] out byte[]? key)
    {
        key = null;
        Span<byte> buffer = stackalloc byte[MaxLength + 2];
        if (base64 is not { Length: > 0 and <= 2 * MaxLength }
            || !Convert.TryFromBase64String(base64, buffer, out var written)
            || written is < MinLength or > MaxLength)
        {
            return false;
        }

        key = buffer[..written].ToArray();
        return true;
    }

    /// <summary>Derives the key of one device from the key of its enrollment group.</summary>
    /// <param name="groupKey">The bytes of the group's key.</param>
    /// <param name="registrationId">The registration id, in the spelling the device used for its derivation.</param>
    /// <returns>The 32 bytes of the device's key.</returns>
    public static byte[] Derive(ReadOnlySpan<byte> groupKey, string registrationId) =>
        HMACSHA256.HashData(groupKey, Encoding.UTF8.GetBytes(registrationId));
}
