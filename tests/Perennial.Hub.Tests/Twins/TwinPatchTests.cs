using System.Text;
using Perennial.Hub.Tests.Fakes;
using Perennial.Hub.Twins;

namespace Perennial.Hub.Tests.Twins;

public sealed class TwinPatchTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":null,"b":{"c":[1,"x",true,{"d":2}]},"e":-4503599627370496,"f":4503599627370495,"g":1.5e300}""")]
    [InlineData("""{"ü":"ü","a-b_c":""}""")]
    public void What_keeps_the_rules_is_taken(string json) => Assert.True(TwinPatch.TryCreate(World.Json(json), out _, out _));

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("1", "object")]
    [InlineData("""{"a.b":1}""", "'a.b'")]
    [InlineData("""{"$a":1}""", "'$a'")]
    [InlineData("""{"a#":1}""", "'a#'")]
    [InlineData("""{"a b":1}""", "'a b'")]
    [InlineData("""{"a\u0001":1}""", "control")]
    [InlineData("""{"":1}""", "empty")]
    [InlineData("""{"a":{"b":[null]}}""", "null")]
    [InlineData("""{"a":4503599627370496}""", "4503599627370496")]
    [InlineData("""{"a":-4503599627370497}""", "-4503599627370497")]
    [InlineData("""{"a":99999999999999999999999999}""", "99999")]
    [InlineData("""{"a":1e999}""", "1e999")]
    [InlineData("""{"a":"\ud800"}""", "Unicode")]
    [InlineData("""{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":{"j":{}}}}}}}}}}}""", "deeper")]
    [InlineData("""{"a":[[[[[[[[[[1]]]]]]]]]]}""", "deeper")]
    public void What_breaks_a_rule_is_refused_by_name(string json, string message)
    {
        Assert.False(TwinPatch.TryCreate(World.Json(json), out _, out var fault));
        Assert.Equal(TwinFaultKind.Invalid, fault.Kind);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_levels_are_taken() =>
        Assert.True(TwinPatch.TryCreate(World.Json("""{"1":{"2":{"3":{"4":{"5":{"6":{"7":{"8":{"9":{"10":1}}}}}}}}}}"""), out _, out _));

    [Fact]
    public void Names_and_texts_are_bounded_in_bytes()
    {
        Assert.True(Takes(new string('ü', 512), "x"));
        Assert.False(Takes(new string('ü', 513), "x"));
        Assert.True(Takes("x", new string('ü', 2048)));
        Assert.False(Takes("x", new string('ü', 2049)));

        static bool Takes(string name, string value) => TwinPatch.TryCreate(World.Json($$"""{"{{name}}":"{{value}}"}"""), out _, out _);
    }

    [Fact]
    public void A_section_is_bounded_as_a_whole()
    {
        var twin = Twin.Create(World.Id("dev"), DateTimeOffset.UnixEpoch);
        Assert.IsType<TwinChange.Changed>(twin.Merge(null, Fill(8, 4096 - 1), DateTimeOffset.UnixEpoch));
        Assert.IsType<TwinChange.Changed>(twin.Merge(Fill(2, 4096 - 1), null, DateTimeOffset.UnixEpoch));
        Assert.Equal(TwinFaultKind.TooLarge, Fault(twin.Merge(null, Fill(8, 4096), DateTimeOffset.UnixEpoch)).Kind);
        Assert.Equal(TwinFaultKind.TooLarge, Fault(twin.Merge(Fill(2, 4096), null, DateTimeOffset.UnixEpoch)).Kind);
        Assert.Equal(TwinFaultKind.TooLarge, Fault(twin.Report(Fill(8, 4096), DateTimeOffset.UnixEpoch)).Kind);
    }

    private static TwinFault Fault(TwinChange change) => Assert.IsType<TwinChange.Refused>(change).Fault;

    private static TwinPatch Fill(int count, int length)
    {
        var json = new StringBuilder("{");
        json.AppendJoin(',', Enumerable.Range(0, count).Select(i => $"\"{i}\":\"{new string('x', length)}\""));
        return TwinPatch.TryCreate(World.Json($"{json}}}"), out var patch, out var fault) ? patch : throw new InvalidOperationException(fault.Message);
    }
}
