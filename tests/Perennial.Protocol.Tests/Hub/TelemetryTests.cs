using System.Text;
using CsCheck;
using Perennial.Protocol.Hub;

namespace Perennial.Protocol.Tests.Hub;

public sealed class TelemetryTests
{
    [Fact]
    public void Captured_headers_are_read()
    {
        Assert.True(MessageHeaders.TryRead(
            [
                new("iothub-to", "/devices/dev%201/messages/events"),
                new("user-agent", "x"),
                new("iothub-app-p", "v w"),
                new("IoTHub-MessageId", "m"),
                new("iothub-contenttype", "application/json"),
                new("content-type", "no"),
            ],
            out var properties));
        Assert.Equal("m", properties[SystemProperty.MessageId]);
        Assert.Equal("application/json", properties[SystemProperty.ContentType]);
        Assert.Equal("v w", Assert.Single(properties.Application, p => p.Key == "p").Value);
        Assert.Equal(3, properties.System.Count);
    }

    [Fact]
    public void A_header_never_holds_what_it_may_not()
    {
        var headers = MessageHeaders.Write(MessageProperties.Empty.With(SystemProperty.MessageId, "a\r\nb").With("k l", "ü").With("n", null));
        Assert.Equal(
            [new("iothub-messageid", "a%0D%0Ab"), new("iothub-app-k%20l", "%C3%BC"), new("iothub-app-n", "")],
            headers);
    }

    [Fact]
    public void A_captured_batch_is_read()
    {
        var body = """[{"body": "aGk=", "properties":{"iothub-app-p":"v w"}},{"body": "Yg=="},{"body":"ü","base64Encoded":false,"properties":null}]"""u8;
        Assert.True(TelemetryBatch.TryParse(body, out var messages));
        Assert.Equal(["hi", "b", "ü"], messages.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        Assert.Equal("v w", messages[0].Properties.Application["p"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("""[{"body":"?"}]""")]
    [InlineData("""[{"body":"AA=="},{"body":1}]""")]
    public void A_batch_is_read_whole_or_not_at_all(string text) =>
        Assert.False(TelemetryBatch.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_batch_is_bounded()
    {
        var many = "[" + string.Join(',', Enumerable.Repeat("{}", TelemetryBatch.MaxCount + 1)) + "]";
        Assert.False(TelemetryBatch.TryParse(Encoding.UTF8.GetBytes(many), out _));
        var large = $$"""[{"body":"{{Convert.ToBase64String(new byte[TelemetryMessage.MaxSize + 1])}}"}]""";
        Assert.False(TelemetryBatch.TryParse(Encoding.UTF8.GetBytes(large), out _));
    }

    [Fact]
    public void A_line_of_the_feed_is_read_back()
    {
        var line = new TelemetryFeedLine
        {
            Sequence = 42,
            DeviceId = "dev1",
            EnqueuedTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Properties = new()
            {
                System = new Dictionary<string, string?> { [StampedProperty.ConnectionDeviceId] = "dev1" },
                Application = new Dictionary<string, string?> { ["p"] = null },
            },
            Body = "hi"u8.ToArray(),
        };
        var text = Encoding.ASCII.GetString(line.ToLine());
        Assert.Equal(
            """{"sequence":42,"deviceId":"dev1","enqueuedTime":"2026-01-01T00:00:00.0000000Z","properties":{"system":{"iothub-connection-device-id":"dev1"},"application":{"p":null}},"body":"aGk="}""" + "\n",
            text);
        Assert.True(WireJson.TryParse<TelemetryFeedLine>(Encoding.ASCII.GetBytes(text), out var read));
        Assert.Equal("hi"u8, read.Body.Span);
    }

    [Fact]
    public void A_message_that_fits_gives_a_line_that_can_be_read_back()
    {
        var line = new TelemetryFeedLine
        {
            Sequence = 1,
            DeviceId = "d",
            EnqueuedTime = DateTimeOffset.UnixEpoch,
            Properties = new()
            {
                System = new Dictionary<string, string?>(),
                Application = new Dictionary<string, string?> { ["p"] = new string('ü', 64 * 1024) },
            },
            Body = new byte[128 * 1024],
        };
        Assert.True(WireJson.TryParse<TelemetryFeedLine>(line.ToLine(), out _));
    }

    [Fact]
    public void No_body_makes_the_parser_throw() =>
        Texts.After("[{\"body\":\"", "[{\"properties\":{\"").Sample(text => { _ = TelemetryBatch.TryParse(Encoding.UTF8.GetBytes(text), out _); });
}
