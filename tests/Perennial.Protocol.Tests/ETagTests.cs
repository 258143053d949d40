namespace Perennial.Protocol.Tests;

public sealed class ETagTests
{
    [Theory]
    [InlineData("abc=", "abc=")]
    [InlineData("\"abc=\"", "abc=")]
    [InlineData("W/\"abc=\"", "abc=")]
    [InlineData("\"\"abc=\"\"", "\"abc=\"")]
    [InlineData("*", "*")]
    [InlineData("\"*\"", "*")]
    [InlineData("  ", null)]
    [InlineData(null, null)]
    public void One_pair_of_quotes_is_dropped(string? text, string? expected) => Assert.Equal(expected, ETag.Parse(text).Value);

    [Theory]
    [InlineData(null, true)]
    [InlineData("*", true)]
    [InlineData("\"*\"", true)]
    [InlineData("\"a\"", true)]
    [InlineData("a", true)]
    [InlineData("A", false)]
    [InlineData("\"\"", false)]
    [InlineData("b", false)]
    public void A_condition_takes_no_tag_any_tag_or_the_stored_one(string? condition, bool expected) =>
        Assert.Equal(expected, ETag.Parse(condition).Accepts(ETag.Parse("\"a\"")));

    [Fact]
    public void An_overlong_tag_matches_nothing()
    {
        var tag = new string('a', ETag.MaxLength + 1);
        Assert.False(ETag.Parse(tag).Accepts(ETag.Parse(tag)));
    }

    [Fact]
    public void The_default_is_a_missing_tag()
    {
        Assert.True(default(ETag).IsMissing);
        Assert.Equal(string.Empty, default(ETag).ToString());
        Assert.Equal("\"a\"", ETag.Parse("a").Quoted);
    }
}
