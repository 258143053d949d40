using CsCheck;
using Perennial.Protocol.Sas;

namespace Perennial.Protocol.Tests.Sas;

public sealed class DeviceKeyTests
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
    public void A_group_key_gives_each_device_its_own(string groupKey, string registrationId, string expected)
    {
        Assert.True(DeviceKey.TryParse(groupKey, out var key));
        Assert.Equal(expected, Convert.ToBase64String(DeviceKey.Derive(key, registrationId)));
    }

    [Theory]
    [InlineData(15, false)]
    [InlineData(16, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_key_has_16_to_64_bytes(int length, bool expected) =>
        Assert.Equal(expected, DeviceKey.TryParse(Convert.ToBase64String(new byte[length]), out _));

    [Fact]
    public void No_text_makes_the_parser_throw() => Texts.Any.Sample(text => { _ = DeviceKey.TryParse(text, out _); });
}
