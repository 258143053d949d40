using CsCheck;
using Perennial.Provisioning.Tests.Fakes;
using Perennial.Provisioning.Tpm;

namespace Perennial.Provisioning.Tests.Tpm;

public sealed class TpmPublicTests
{
    private static readonly byte[][] Samples = [SampleTpm.Rsa(), SampleTpm.Ecc()];

    // Type, hash, attributes, policy and what the key protects with.
    private const int Header = 22;

    [Fact]
    public void Rsa_2048_and_P256_storage_keys_are_read_as_they_were_written() => Assert.All(Samples, sample =>
    {
        Assert.True(TpmPublic.TryRead(sample, out var key));
        Assert.Equal(sample, key.Bytes.ToArray());
        Assert.True(TpmPublic.TryParse(key.ToBase64(), out var again));
        Assert.Equal(key, again);
        Assert.NotEqual(key, Read(sample.Length == Samples[0].Length ? SampleTpm.Rsa() : SampleTpm.Ecc()));
    });

    [Fact]
    public void What_is_cut_short_or_goes_on_is_refused() => Assert.All(Samples, sample =>
    {
        Assert.All(Enumerable.Range(0, sample.Length), length => Assert.False(TpmPublic.TryRead(sample.AsSpan(0, length), out _)));
        Assert.False(TpmPublic.TryRead([.. sample, 0], out _));
        Assert.False(TpmPublic.TryRead([.. sample[..1], (byte)(sample[1] + 1), .. sample[2..], 0], out _));
    });

    /// <summary>One bit at a time, from the type to the scheme; of the attributes stClear, userWithAuth, adminWithPolicy, noDA and encryptedDuplication may be either.</summary>
    [Fact]
    public void A_change_of_what_the_key_is_for_is_refused() => Assert.All(Samples, sample =>
    {
        for (var bit = 2 * 8; bit < Header * 8; bit++)
        {
            var changed = sample.ToArray();
            changed[bit / 8] ^= (byte)(0x80 >> (bit % 8));
            var isFree = (bit / 8, 7 - (bit % 8)) is (8, 2 or 3) or (9, 2 or 6 or 7);
            Assert.Equal(isFree, TpmPublic.TryRead(changed, out _));
        }
    });

    [Fact]
    public void A_point_off_the_curve_is_refused()
    {
        var sample = SampleTpm.Ecc();
        sample[^1] ^= 1;
        Assert.False(TpmPublic.TryRead(sample, out _));
    }

    [Fact]
    public void No_bytes_make_the_reader_throw()
    {
        Gen.Byte.Array[0, 600].Sample(bytes => { _ = TpmPublic.TryRead(bytes, out _); });
        Gen.String.Sample(text => { _ = TpmPublic.TryParse(text, out _); });
        Gen.Select(Gen.Int[0, 1], Gen.Int[0, 77], Gen.Byte).Sample((which, at, value) =>
        {
            var changed = Samples[which].ToArray();
            changed[at] = value;
            _ = TpmPublic.TryRead(changed, out _);
        });
    }

    [Fact]
    public void No_two_wraps_of_a_key_are_alike()
    {
        var (endorsement, storage, key) = (Read(SampleTpm.Rsa()), Read(SampleTpm.Ecc()), SymmetricKey.Mint());
        Assert.NotEqual(ActivationBlob.Wrap(endorsement, storage, key), ActivationBlob.Wrap(endorsement, storage, key));
    }

    private static TpmPublic Read(byte[] bytes) => TpmPublic.TryRead(bytes, out var key) ? key : throw new FormatException();
}
