using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Perennial.Server.Audit;

/// <summary>
/// The hash that links each entry of the audit trail to those before it: whoever changes, removes or inserts one has to change every later
/// hash too, the last one included, which an operator can keep elsewhere.
/// </summary>
internal static class AuditChain
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>Stands before the first entry of a chain.</summary>
    public static ReadOnlyMemory<byte> Start { get; } = SHA256.HashData("perennial audit chain 1"u8);

    /// <summary>
    /// SHA-256 over the hash before, the time in ticks of UTC (8 bytes, big-endian) and the five texts, each as its length in bytes (4 bytes,
    /// big-endian; -1 for none) and its UTF-8.
    /// </summary>
    public static byte[] Next(ReadOnlySpan<byte> previous, AuditEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Span<byte> ticks = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(ticks, entry.At.UtcTicks);
        hash.AppendData(ticks);
        foreach (var text in (ReadOnlySpan<string?>)[entry.Actor, entry.Action, entry.Subject, entry.Before, entry.After])
        {
            Append(hash, text);
        }

        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32BigEndian(length, bytes?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(bytes ?? []);
    }
}
