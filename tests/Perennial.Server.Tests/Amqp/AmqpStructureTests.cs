using Amqp;
using CsCheck;
using Perennial.Server.Amqp;

namespace Perennial.Server.Tests.Amqp;

public sealed class AmqpStructureTests
{
    [Theory]
    [InlineData("40", 1)]
    [InlineData("4053", 1)]
    [InlineData("5307", 2)]
    [InlineData("A10361626399", 5)]
    [InlineData("B00000000299AA", 7)]
    [InlineData("005310C00401A10178", 9)]
    [InlineData("C1050253015302", 7)]
    [InlineData("E00602A301610162", 8)]
    [InlineData("45", 1)]
    public void The_length_of_a_value_is_known_before_it_is_decoded(string hex, int length) =>
        Assert.Equal(length, AmqpStructure.LengthOf(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("53")]
    [InlineData("A10461")]
    [InlineData("B0FFFFFFFF00")]
    [InlineData("B07FFFFFFF00")]
    [InlineData("C00102")]
    [InlineData("C0030153")]
    [InlineData("C003014040")]
    [InlineData("F0000000054000000045")]
    [InlineData("F0000000057FFFFFFF45")]
    [InlineData("10")]
    [InlineData("0000")]
    public void What_is_no_value_is_refused(string hex) =>
        Assert.Throws<AmqpProtocolException>(() => AmqpStructure.LengthOf(Convert.FromHexString(hex)));

    [Fact]
    public void Values_that_stand_too_deep_in_each_other_are_refused_without_deep_recursion()
    {
        var descriptors = new byte[AmqpBounds.MaxFrame];
        Assert.Equal(ErrorCode.DecodeError, Assert.Throws<AmqpProtocolException>(() => AmqpStructure.LengthOf(descriptors)).Condition);
    }

    [Fact]
    public void Any_bytes_are_measured_or_refused_and_what_is_measured_lies_within_them() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        try
        {
            return AmqpStructure.LengthOf(bytes) <= bytes.Length;
        }
        catch (AmqpProtocolException)
        {
            return true;
        }
    });
}
