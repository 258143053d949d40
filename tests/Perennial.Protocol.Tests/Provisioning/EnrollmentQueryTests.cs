using CsCheck;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Protocol.Tests.Provisioning;

public sealed class EnrollmentQueryTests
{
    [Theory]
    [InlineData("SELECT * WHERE a = 'x'", "a==x")]
    [InlineData("select*from enrollments where a='x' and b.c<>\"y\";", "a==x b.c!=y")]
    [InlineData("SELECT * FROM x WHERE a = 'it''s' AND b != true AND c = -3", "a==it's b!=true c==-3")]
    [InlineData("SELECT * FROM x WHERE where = ''", "where==")]
    public void Conditions_are_read(string text, string expected)
    {
        Assert.True(EnrollmentQuery.TryParse(text, out var query, out _));
        Assert.Equal(expected, string.Join(' ', query.Conditions.Select(c => $"{c.Field}{(c.IsNegated ? "!=" : "==")}{c.Value}")));
    }

    [Theory]
    [InlineData("SELECT * WHERE")]
    [InlineData("SELECT * WHERE a")]
    [InlineData("SELECT * WHERE a =")]
    [InlineData("SELECT * WHERE a = b")]
    [InlineData("SELECT * WHERE a = 'x")]
    [InlineData("SELECT * WHERE a > 'x'")]
    [InlineData("SELECT * WHERE a = 'x' OR b = 'y'")]
    [InlineData("SELECT * WHERE a = 'x' AND")]
    [InlineData("SELECT * WHERE (a = 'x')")]
    [InlineData("SELECT * WHERE a = 'x' ORDER BY a")]
    [InlineData("* WHERE a = 'x'")]
    [InlineData("SELECT * AND a = 'x'")]
    public void What_is_more_than_a_list_of_equalities_is_refused_in_one_sentence(string text)
    {
        Assert.False(EnrollmentQuery.TryParse(text, out _, out var fault));
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_value_comes_back_as_it_was_put_in_quotes() => Gen.String[0, 200].Sample(value =>
    {
        Assert.True(EnrollmentQuery.TryParse($"SELECT * WHERE a = '{value.Replace("'", "''", StringComparison.Ordinal)}'", out var query, out _));
        Assert.Equal(value, Assert.Single(query.Conditions).Value);
    });

    [Fact]
    public void There_is_a_most_of_conditions()
    {
        var nine = "SELECT * WHERE " + string.Join(" AND ", Enumerable.Repeat("a = 'x'", EnrollmentQuery.MaxConditions + 1));
        Assert.False(EnrollmentQuery.TryParse(nine, out _, out var fault));
        Assert.Contains("8", fault, StringComparison.Ordinal);
    }
}
