using System.Security.Cryptography;
using System.Text;
using Perennial.X509;

namespace Perennial.Provisioning;

/// <summary>A key that a device, or a group of devices, shares with the service (dps-protocol §4.2).</summary>
public sealed class SymmetricKey : IEquatable<SymmetricKey>
{
    /// <summary>The fewest bytes of a key.</summary>
    public const int MinLength = 16;

    /// <summary>The most bytes of a key, and those of a generated one.</summary>
    public const int MaxLength = 64;

    private SymmetricKey(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Names the key where the key itself must not stand; tells nothing of it.</summary>
    public Thumbprint Fingerprint => Thumbprint.FromBytes(HMACSHA256.HashData(Bytes.Span, "perennial/key-fingerprint"u8));

    /// <summary>Takes 16 to 64 bytes.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SymmetricKey? key)
    {
        key = bytes.Length is >= MinLength and <= MaxLength ? new SymmetricKey(bytes.ToArray()) : null;
        return key is not null;
    }

    /// <summary>Reads 16 to 64 bytes in base64.</summary>
    public static bool TryParse([NotNullWhen(true)] string? base64, [NotNullWhen(true)] out SymmetricKey? key)
    {
        key = null;
        Span<byte> bytes = stackalloc byte[MaxLength + 2];
        return base64 is { Length: > 0 and <= 2 * MaxLength }
            && Convert.TryFromBase64String(base64, bytes, out var length)
            && TryCreate(bytes[..length], out key);
    }

    /// <summary>A new key of 64 bytes.</summary>
    public static SymmetricKey Mint() => new(RandomNumberGenerator.GetBytes(MaxLength));

    /// <summary>The key of one device of the group whose key this is: 32 bytes.</summary>
    /// <param name="registrationId">The registration id, in the spelling that the device uses.</param>
    public SymmetricKey Derive(string registrationId) => new(HMACSHA256.HashData(Bytes.Span, Encoding.UTF8.GetBytes(registrationId)));

    /// <summary>The key as clients and tools write it. For replies that hand it out, never for logs.</summary>
    public string ToBase64() => Convert.ToBase64String(Bytes.Span);

    public bool Equals(SymmetricKey? other) => other is not null && CryptographicOperations.FixedTimeEquals(Bytes.Span, other.Bytes.Span);

    public override bool Equals(object? obj) => Equals(obj as SymmetricKey);

    public override int GetHashCode() => Fingerprint.GetHashCode();

    /// <summary>Never the key.</summary>
    public override string ToString() => "symmetric key";
}
