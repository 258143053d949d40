using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Perennial.Server.Backups;

/// <summary>
/// The head of a backup: magic, rounds of PBKDF2 with SHA-512, salt. The key of the rest is made of it and the passphrase; the head itself
/// is bound to every chunk.
/// </summary>
internal sealed class SealedHeader
{
    public const int Length = MagicLength + sizeof(int) + SaltLength;

    /// <summary>Rounds of new backups.</summary>
    public const int Rounds = 600_000;

    private const int MagicLength = 20;
    private const int SaltLength = 32;
    private const int MostRounds = 100_000_000;

    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("perennial backup 1\r\n");

    private readonly int _rounds;

    private SealedHeader(byte[] bytes, int rounds)
    {
        Bytes = bytes;
        _rounds = rounds;
    }

    public byte[] Bytes { get; }

    public static SealedHeader Create(int rounds = Rounds)
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(MagicLength), rounds);
        RandomNumberGenerator.Fill(bytes.AsSpan(MagicLength + sizeof(int)));
        return new SealedHeader(bytes, rounds);
    }

    public static bool TryRead(Stream stream, [NotNullWhen(true)] out SealedHeader? header)
    {
        var bytes = new byte[Length];
        header = null;
        if (stream.ReadAtLeast(bytes, Length, throwOnEndOfStream: false) < Length || !bytes.AsSpan().StartsWith(Magic))
        {
            return false;
        }

        var rounds = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(MagicLength));
        header = rounds is > 0 and <= MostRounds ? new SealedHeader(bytes, rounds) : null;
        return header is not null;
    }

    /// <summary>The cipher of the chunks.</summary>
    public AesGcm Cipher(string passphrase)
    {
        var key = Rfc2898DeriveBytes.Pbkdf2(passphrase, Bytes.AsSpan(MagicLength + sizeof(int)), _rounds, HashAlgorithmName.SHA512, 32);
        try
        {
            return new AesGcm(key, SealedChunk.TagLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
