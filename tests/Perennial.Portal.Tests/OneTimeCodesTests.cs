using System.Text;
using Perennial.Server.Users;

namespace Perennial.Portal.Tests;

public sealed class OneTimeCodesTests
{
    // RFC 6238 appendix B, the last six of its eight digits.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void A_code_is_the_one_of_the_standard(long at, string code)
    {
        var codes = new OneTimeCodes(Encoding.ASCII.GetBytes("12345678901234567890"));
        Assert.Equal(code, codes.CodeOf(OneTimeCodes.StepAt(DateTimeOffset.FromUnixTimeSeconds(at))));
    }

    [Fact]
    public void A_code_of_the_step_before_or_after_still_counts_and_one_further_off_does_not()
    {
        var codes = OneTimeCodes.Fresh();
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 10, TimeSpan.Zero);
        var step = OneTimeCodes.StepAt(now);
        Assert.Equal(step - 1, codes.Match(codes.CodeOf(step - 1), now));
        Assert.Equal(step + 1, codes.Match(codes.CodeOf(step + 1).Insert(3, " "), now));
        Assert.Null(codes.Match(string.Empty, now));
        Assert.Null(codes.Match(codes.CodeOf(step) + "0", now));
        Assert.Null(new OneTimeCodes([1, 2, 3]).Match("000000", now));
    }

    [Fact]
    public void The_secret_is_shown_in_base32()
    {
        Assert.Equal("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ", new OneTimeCodes(Encoding.ASCII.GetBytes("12345678901234567890")).Text);
        Assert.Equal("MY", new OneTimeCodes(Encoding.ASCII.GetBytes("f")).Text);
        Assert.Equal("MZXW 6YQ", new OneTimeCodes(Encoding.ASCII.GetBytes("foob")).Text);
        Assert.Contains("secret=MZXW6YQ&issuer=Here", new OneTimeCodes(Encoding.ASCII.GetBytes("foob")).UriFor("alice", "Here"), StringComparison.Ordinal);
    }
}
