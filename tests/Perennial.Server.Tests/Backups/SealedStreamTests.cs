using System.Security.Cryptography;
using CsCheck;
using Perennial.Server.Backups;

namespace Perennial.Server.Tests.Backups;

public sealed class SealedStreamTests
{
    private const string Passphrase = "correct horse battery";
    private const int Sealed = SealedChunk.Length + SealedChunk.TagLength;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SealedChunk.Length - 1)]
    [InlineData(SealedChunk.Length)]
    [InlineData(SealedChunk.Length + 1)]
    [InlineData(3 * SealedChunk.Length)]
    public void What_was_sealed_opens_as_it_was(int length)
    {
        var plain = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(plain, Open(Seal(plain)));
    }

    [Fact]
    public void Any_way_of_writing_seals_the_same() => Gen.Byte.Array[0, 5000].Array[0, 60].Sample(
        pieces =>
        {
            using var output = new MemoryStream();
            using (var sealing = new SealedWriter(output, SealedHeader.Create(rounds: 1), Passphrase))
            {
                Array.ForEach(pieces, piece => sealing.Write(piece));
                sealing.Complete();
            }

            Assert.Equal(pieces.SelectMany(piece => piece), Open(output.ToArray()));
        },
        iter: 20);

    [Fact]
    public void A_file_that_ends_at_a_chunk_was_cut_off()
    {
        var file = Seal(RandomNumberGenerator.GetBytes(3 * SealedChunk.Length));
        Assert.ThrowsAny<CryptographicException>(() => Open(file[..(SealedHeader.Length + (2 * Sealed))]));
        Assert.ThrowsAny<CryptographicException>(() => Open(file[..SealedHeader.Length]));
    }

    [Fact]
    public void Chunks_that_changed_places_are_noticed()
    {
        var file = Seal(RandomNumberGenerator.GetBytes(3 * SealedChunk.Length));
        var (first, second) = (file.AsSpan(SealedHeader.Length, Sealed).ToArray(), file.AsSpan(SealedHeader.Length + Sealed, Sealed).ToArray());
        second.CopyTo(file, SealedHeader.Length);
        first.CopyTo(file, SealedHeader.Length + Sealed);
        Assert.ThrowsAny<CryptographicException>(() => Open(file));
    }

    [Fact]
    public void Any_changed_bit_is_noticed()
    {
        var file = Seal(RandomNumberGenerator.GetBytes(1000));
        Gen.Int[SealedHeader.Length - 32, file.Length - 1].Select(Gen.Int[0, 7]).Sample(
            (place, bit) =>
            {
                var changed = (byte[])file.Clone();
                changed[place] ^= (byte)(1 << bit);
                Assert.ThrowsAny<CryptographicException>(() => Open(changed));
            },
            iter: 200);
    }

    private static byte[] Seal(byte[] plain)
    {
        using var output = new MemoryStream();
        using var sealing = new SealedWriter(output, SealedHeader.Create(rounds: 1), Passphrase);
        sealing.Write(plain);
        sealing.Complete();
        return output.ToArray();
    }

    private static byte[] Open(byte[] file)
    {
        using var input = new MemoryStream(file);
        Assert.True(SealedHeader.TryRead(input, out var header));
        using var opened = new SealedReader(input, header, Passphrase);
        using var plain = new MemoryStream();
        opened.CopyTo(plain);
        return plain.ToArray();
    }
}
