using CsCheck;
using Perennial.Hub.Queries;

namespace Perennial.Hub.Tests.Queries;

public sealed class QueryTextProperties
{
    private static readonly string[] Words =
    [
        "SELECT", "TOP", "3", "*", "COUNT", "AVG", "(", ")", "AS", "n", "FROM", "devices", "devices.jobs", "WHERE", "tags.a", "[[x y]]", "=", "!=", "<", "+",
        "-", "'text'", "\"t", "IN", "NIN", "[", "]", ",", "NOT", "AND", "OR", "GROUP", "BY", "IS_DEFINED", "TRUE", "NULL", "1e999", "1.5", ";", "..", "$", "\0", "😀",
    ];

    [Fact]
    public void A_query_reads_as_what_was_written() => QuerySamples.Query.Sample(query =>
        Query.TryParse(query.ToString(), out var read, out var fault) ? read.Equals(query) : throw new InvalidOperationException($"{query}: {fault}"));

    [Fact]
    public void No_text_throws_and_each_fault_names_a_place_and_a_remedy() => Gen.Select(Gen.OneOf(Words), Gen.OneOf(" ", "")).Array[0, 24].Sample(parts =>
    {
        var text = string.Concat(parts.Select(part => part.Item1 + part.Item2));
        return Query.TryParse(text, out _, out var fault)
            || (fault.Position >= 0 && fault.Position <= text.Length + 1 && fault.Message.Length > 0 && fault.Remedy.Length > 0);
    });

    [Fact]
    public void No_characters_throw() => Gen.String.Sample(text => Query.TryParse(text, out _, out _) || true);

    [Theory]
    [InlineData("SELECT * FROM devices")]
    [InlineData("select * from Devices where deviceId = 'x';")]
    [InlineData("SELECT * FROM devices WHERE deviceId IN ['a','b']")]
    [InlineData("SELECT * FROM devices WHERE tags.location.region = 'US'")]
    [InlineData("SELECT * FROM devices WHERE properties.desired.x = 1 AND properties.reported.y != 2")]
    [InlineData("SELECT COUNT() AS n FROM devices")]
    [InlineData("SELECT tags.x AS g, COUNT() AS n FROM devices GROUP BY tags.x")]
    [InlineData("SELECT deviceId FROM devices WHERE is_defined(properties.reported.fw)")]
    [InlineData("SELECT * FROM devices WHERE capabilities.iotEdge = true")]
    [InlineData("SELECT * FROM devices.modules WHERE deviceId = 'x'")]
    [InlineData("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'j'")]
    [InlineData("SELECT TOP 5 deviceId, tags.a + 1 AS next FROM devices WHERE NOT (tags.a NIN [1, -2.5, NULL]) OR tags.[[a b]] <> \"it\"")]
    [InlineData("SELECT AVG(tags.t) AS t, MIN(tags.t) AS least, MAX(tags.t) AS most, SUM(tags.t) AS sum FROM devices")]
    public void What_clients_and_documents_write_is_read(string text) =>
        Assert.True(Query.TryParse(text, out _, out var fault), fault?.ToString());

    [Theory]
    [InlineData("", 0, "SELECT * FROM devices")]
    [InlineData("SELECT * FROM devices WHERE deviceId LIKE 'a%'", 38, "STARTSWITH")]
    [InlineData("SELECT * FROM devices ORDER BY deviceId", 23, "sort them")]
    [InlineData("SELECT * FROM things", 15, "devices.modules")]
    [InlineData("SELECT * FROM devices WHERE tags.a = 'b", 38, "Close it")]
    [InlineData("SELECT * FROM devices WHERE NEAR(tags.a)", 29, "STARTSWITH")]
    [InlineData("SELECT * FROM devices WHERE CONTAINS(tags.a)", 29, "It takes 2")]
    [InlineData("SELECT * FROM devices WHERE COUNT() > 1", 29, "SELECT alone")]
    [InlineData("SELECT deviceId, COUNT() FROM devices", 0, "GROUP BY")]
    [InlineData("SELECT tags.a, tags.b.a FROM devices", 0, "AS")]
    [InlineData("SELECT TOP 0 * FROM devices", 12, "from 1")]
    [InlineData("SELECT * FROM devices WHERE tags.a = @x", 38, "quotes")]
    public void A_fault_names_the_place_and_the_remedy(string text, int position, string remedy)
    {
        Assert.False(Query.TryParse(text, out _, out var fault));
        Assert.Equal(position, fault.Position);
        Assert.Contains(remedy, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_depth_and_terms_are_bounded()
    {
        Assert.False(Query.TryParse($"SELECT * FROM devices WHERE {new string('(', 10_000)}", out _, out _));
        Assert.False(Query.TryParse($"SELECT * FROM devices WHERE {string.Concat(Enumerable.Repeat("NOT ", 3000))}TRUE", out _, out _));
        Assert.False(Query.TryParse($"SELECT * FROM devices WHERE 1{string.Concat(Enumerable.Repeat("+1", 3000))} = 1", out _, out _));
        Assert.False(Query.TryParse($"SELECT * FROM devices WHERE {string.Join(" OR ", Enumerable.Repeat("a=1", 2000))}", out _, out _));
        Assert.False(Query.TryParse(new string('x', 1_000_000), out _, out _));
        Assert.False(Query.TryParse($"SELECT {string.Concat(Enumerable.Repeat("a.", 100))}a FROM devices", out _, out _));
    }
}
