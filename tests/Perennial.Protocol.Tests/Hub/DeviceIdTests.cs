using Perennial.Protocol.Hub;

namespace Perennial.Protocol.Tests.Hub;

public sealed class DeviceIdTests
{
    [Fact]
    public void Every_allowed_character_makes_an_id()
    {
        const string Text = "azAZ09-:.+%_#*?!(),=@;$'";
        Assert.True(DeviceId.TryParse(Text, out var id));
        Assert.Equal(Text, id.ToString());
        Assert.False(id.IsSystem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a&b")]
    [InlineData("ü")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    public void Any_other_character_does_not(string text) => Assert.False(DeviceId.TryParse(text, out _));

    [Fact]
    public void An_id_has_at_most_128_characters_and_its_case_matters()
    {
        Assert.True(DeviceId.TryParse(new string('a', 128), out var lower));
        Assert.False(DeviceId.TryParse(new string('a', 129), out _));
        Assert.True(DeviceId.TryParse(new string('A', 128), out var upper));
        Assert.True(lower != upper);
        Assert.True(DeviceId.TryParse("$edgeAgent", out var system) && system.IsSystem);
    }
}
