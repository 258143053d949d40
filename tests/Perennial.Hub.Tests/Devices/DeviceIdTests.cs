using Perennial.Hub.Devices;

namespace Perennial.Hub.Tests.Devices;

public sealed class DeviceIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("Dev-1:.+%_#*?!(),=@;$'")]
    [InlineData("$edgeAgent")]
    public void An_id_keeps_its_spelling(string text)
    {
        Assert.True(DeviceId.TryParse(text, out var id));
        Assert.Equal(text, id.Value);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ü")]
    [InlineData("a\0")]
    public void A_text_with_other_characters_is_no_id(string? text) => Assert.False(DeviceId.TryParse(text, out _));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.True(DeviceId.TryParse(new string('a', 128), out _));
        Assert.False(DeviceId.TryParse(new string('a', 129), out _));
    }

    [Fact]
    public void Ids_are_compared_with_case()
    {
        Assert.True(DeviceId.TryParse("dev", out var lower));
        Assert.True(DeviceId.TryParse("Dev", out var upper));
        Assert.NotEqual(lower, upper);
    }
}
