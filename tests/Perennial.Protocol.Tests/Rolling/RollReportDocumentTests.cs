using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol.Rolling;

namespace Perennial.Protocol.Tests.Rolling;

public sealed class RollReportDocumentTests
{
    [Fact]
    public void A_failure_is_told_in_one_sentence() => Assert.Equal(
        "The device reports that it failed: 4711: no room for a key",
        Find("""{"interval":60,"certificateRoll":{"state":"failed","code":4711,"message":"no room for a key","more":[1]}}"""));

    [Fact]
    public void What_was_written_is_read()
    {
        var report = new RollReportDocument { State = RollReportDocument.Failed, Code = "refused", Message = "no" };
        Assert.Equal("The device reports that it failed: refused: no", Find(new JsonObject { [RollReportDocument.Member] = report.ToMember() }.ToJsonString()));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"certificateRoll":null}""")]
    [InlineData("""{"certificateRoll":"failed"}""")]
    [InlineData("""{"certificateRoll":{"state":"rolling","message":"failed"}}""")]
    [InlineData("""{"certificateRoll":{"state":"succeeded"}}""")]
    [InlineData("""{"certificateRoll":{"state":{"state":"failed"}}}""")]
    public void What_is_no_failure_counts_as_none(string reported) => Assert.Null(Find(reported));

    [Fact]
    public void What_a_device_says_is_cut_and_has_no_control_characters()
    {
        var said = Find(new JsonObject
        {
            ["certificateRoll"] = new JsonObject { ["state"] = "failed", ["code"] = new string('7', 500), ["message"] = "a\r\nb\u001b[31m" + new string('ü', 9000) },
        }.ToJsonString())!;
        Assert.InRange(said.Length, 200, 320);
        Assert.DoesNotContain(said, char.IsControl);
        Assert.Contains(": a  b [31mü", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_a_device_may_say_is_too_much()
    {
        var random = new Random(4711);
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(400)).Select(_ => char.ConvertFromUtf32(random.Next(2) == 0 ? random.Next(0xD800) : random.Next(0xE000, 0x110000))));
            var said = Find(new JsonObject { ["certificateRoll"] = new JsonObject { ["state"] = "failed", ["message"] = text } }.ToJsonString());
            Assert.InRange(said!.EnumerateRunes().Count(), 30, 300);
        }
    }

    private static string? Find(string reported) => RollReportDocument.FindFailure(JsonDocument.Parse(reported).RootElement);
}
