using CsCheck;
using Perennial.Provisioning.Tests.Fakes;

namespace Perennial.Provisioning.Tests;

public sealed class SymmetricKeyTests
{
    [Theory]
    [InlineData(
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==",
        "dev-01",
        "UwwVfsD5lA+qU/1oNyCqDCDeShqtT/bvsaUt7i0bKJE=")]
    [InlineData(
        "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==",
        "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6",
        "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=")]
    public void A_group_key_gives_each_device_its_own(string groupKey, string registrationId, string expected) =>
        Assert.Equal(expected, World.Key(groupKey).Derive(registrationId).ToBase64());

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_key_has_16_to_64_bytes(int length, bool expected) =>
        Assert.Equal(expected, SymmetricKey.TryParse(Convert.ToBase64String(new byte[length]), out _));

    [Fact]
    public void A_key_reads_back_as_it_was_written() => Gen.Byte.Array[16, 64].Sample(bytes =>
    {
        Assert.True(SymmetricKey.TryCreate(bytes, out var key));
        Assert.Equal(key, World.Key(key.ToBase64()));
        Assert.Equal(bytes, key.Bytes.ToArray());
    });

    [Fact]
    public void No_text_makes_the_parser_throw() => Gen.String.Sample(text => { _ = SymmetricKey.TryParse(text, out _); });

    [Fact]
    public void Different_devices_have_different_keys() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String[Gen.Char.AlphaNumeric, 1, 20]).Sample((one, other) =>
        {
            var group = SymmetricKey.Mint();
            Assert.Equal(one == other, group.Derive(one).Equals(group.Derive(other)));
            Assert.NotEqual(group, group.Derive(one));
        });

    [Fact]
    public void A_generated_key_has_64_bytes_and_keeps_them_to_itself()
    {
        var key = SymmetricKey.Mint();
        Assert.Equal(64, key.Bytes.Length);
        Assert.NotEqual(key, SymmetricKey.Mint());
        Assert.DoesNotContain(key.ToBase64(), $"{key}", StringComparison.Ordinal);
    }
}
