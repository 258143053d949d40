namespace Perennial.X509.Tests;

public sealed class ThumbprintTests
{
    private const string OfNothing = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";

    [Fact]
    public void A_thumbprint_is_the_SHA_256_in_upper_case() => Assert.Equal(OfNothing, Thumbprint.Of([]).ToString());

    [Fact]
    public void Upper_and_lower_case_are_read_alike()
    {
        Assert.True(Thumbprint.TryParse(OfNothing, out var upper));
        Assert.True(Thumbprint.TryParse(OfNothing.ToLowerInvariant(), out var lower));
        Assert.Equal(upper, lower);
        Assert.Equal(Thumbprint.Of([]), lower);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B8")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B85G")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B")]
    public void Anything_else_is_not_read(string? text) => Assert.False(Thumbprint.TryParse(text, out _));

    [Fact]
    public void The_default_throws_on_use()
    {
        Assert.Throws<InvalidOperationException>(() => default(Thumbprint).ToString());
        Assert.Throws<InvalidOperationException>(() => default(Thumbprint).ToArray());
    }

    [Fact]
    public void Bytes_come_back_as_they_went()
    {
        var thumbprint = Thumbprint.Of([1, 2, 3]);
        Assert.Equal(thumbprint, Thumbprint.FromBytes(thumbprint.ToArray()));
        Assert.Throws<ArgumentException>(() => Thumbprint.FromBytes(new byte[32]));
        Assert.Throws<ArgumentException>(() => Thumbprint.FromBytes(new byte[31]));
    }
}
