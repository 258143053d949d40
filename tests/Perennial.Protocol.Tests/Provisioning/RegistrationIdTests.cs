using CsCheck;
using Perennial.Protocol.Provisioning;
using Perennial.X509;

namespace Perennial.Protocol.Tests.Provisioning;

public sealed class RegistrationIdTests
{
    [Theory]
    [InlineData("dev-01", true)]
    [InlineData("A.b_c:d-1", true)]
    [InlineData("-", true)]
    [InlineData(".a", true)]
    [InlineData("a.", false)]
    [InlineData("a_", false)]
    [InlineData("a:", false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("a\0", false)]
    [InlineData("dev-\u0131", false)]
    [InlineData("\u212Aelvin", false)]
    public void Letters_digits_and_four_signs_make_an_id(string text, bool expected) =>
        Assert.Equal(expected, RegistrationId.TryParse(text, out _));

    [Fact]
    public void An_id_has_at_most_128_characters()
    {
        Assert.True(RegistrationId.TryParse(new string('a', 128), out _));
        Assert.False(RegistrationId.TryParse(new string('a', 129), out _));
    }

    [Fact]
    public void Ids_that_differ_in_case_are_one_and_keep_their_spelling()
    {
        Assert.True(RegistrationId.TryParse("Dev-01", out var first));
        Assert.True(RegistrationId.TryParse("dev-01", out var second));
        Assert.True(first == second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.Equal("Dev-01", first.ToString());
    }

    [Fact]
    public void The_common_name_of_a_leaf_is_its_id()
    {
        Assert.True(CommonName.TryParse("dev-01", out var name));
        Assert.True(RegistrationId.TryFrom(name, out var id));
        Assert.Equal("dev-01", id.Value);
        Assert.True(CommonName.TryParse("Dev 01", out var other));
        Assert.False(RegistrationId.TryFrom(other, out _));
    }

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Texts.Any.Sample(text => !RegistrationId.TryParse(text, out var id) || id.Value == text);
}
