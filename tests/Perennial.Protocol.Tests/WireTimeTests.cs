using CsCheck;

namespace Perennial.Protocol.Tests;

public sealed class WireTimeTests
{
    [Fact]
    public void An_instant_has_seven_fraction_digits_and_Z()
    {
        var instant = new DateTimeOffset(2022, 8, 31, 23, 2, 50, TimeSpan.FromHours(1)).AddTicks(5163352);
        Assert.Equal("2022-08-31T22:02:50.5163352Z", WireTime.Format(instant));
        Assert.Equal("2030-01-01T00:00:00.0000000Z", WireTime.Format(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00")]
    public void Never_is_the_smallest_instant(string text)
    {
        Assert.True(WireTime.TryParse(text, out var instant));
        Assert.Equal(DateTimeOffset.MinValue, instant);
        Assert.Equal("0001-01-01T00:00:00Z", WireTime.Format(instant));
    }

    [Fact]
    public void What_is_written_is_read() =>
        Gen.DateTimeOffset.Sample(instant => WireTime.TryParse(WireTime.Format(instant), out var read) && read == instant);

    [Fact]
    public void No_text_makes_the_parser_throw() => Texts.Any.Sample(text => { _ = WireTime.TryParse(text, out _); });
}
