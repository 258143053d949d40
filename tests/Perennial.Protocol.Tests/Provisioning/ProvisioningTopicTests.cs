using CsCheck;
using Perennial.Protocol.Provisioning;

namespace Perennial.Protocol.Tests.Provisioning;

public sealed class ProvisioningTopicTests
{
    [Fact]
    public void Register_topics_are_read()
    {
        Assert.True(ProvisioningTopic.TryParse("$dps/registrations/PUT/iotdps-register/?$rid=2", out var topic));
        Assert.Equal(new ProvisioningTopic.Register("2"), topic);
    }

    [Fact]
    public void Poll_topics_are_read()
    {
        const string Text = "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=3&operationId=5.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550";
        Assert.True(ProvisioningTopic.TryParse(Text, out var topic));
        Assert.Equal(new ProvisioningTopic.Poll("3", "5.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550"), topic);
        Assert.Equal(Text, topic.Format());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("$dps/registrations/PUT/iotdps-register/")]
    [InlineData("$dps/registrations/PUT/iotdps-register/?$rid=")]
    [InlineData("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=3")]
    [InlineData("$dps/registrations/res/200/?$rid=3")]
    [InlineData("devices/d/messages/events/")]
    public void Another_topic_is_refused(string? text) => Assert.False(ProvisioningTopic.TryParse(text, out _));

    [Theory]
    [InlineData(202, 3.0, "$dps/registrations/res/202/?$rid=a%2fB&retry-after=3")]
    [InlineData(429, 0.1, "$dps/registrations/res/429/?$rid=a%2fB&retry-after=2")]
    [InlineData(202, 3.2, "$dps/registrations/res/202/?$rid=a%2fB&retry-after=4")]
    [InlineData(202, 999.0, "$dps/registrations/res/202/?$rid=a%2fB&retry-after=30")]
    [InlineData(200, 3.0, "$dps/registrations/res/200/?$rid=a%2fB")]
    [InlineData(202, null, "$dps/registrations/res/202/?$rid=a%2fB")]
    public void A_reply_echoes_the_request_id_and_tells_the_wait(int status, double? wait, string expected)
    {
        Assert.True(ProvisioningTopic.TryParse("$dps/registrations/PUT/iotdps-register/?$rid=a%2fB", out var topic));
        var reply = new ProvisioningReplyTopic(status, topic.RequestId, wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        Assert.Equal(expected, reply.Format());
        Assert.True(ProvisioningReplyTopic.TryParse(expected, out var read));
        Assert.Equal(reply, read);
    }

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 64], Texts.Unicode.Where(text => text.Length is > 0 and < 64)).Sample((rid, operation) =>
        {
            var poll = new ProvisioningTopic.Poll(rid, operation);
            var register = new ProvisioningTopic.Register(rid);
            return ProvisioningTopic.TryParse(poll.Format(), out var a) && a == poll
                && ProvisioningTopic.TryParse(register.Format(), out var b) && b == register;
        });

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Texts.After(
            "$dps/registrations/PUT/iotdps-register/",
            "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=1&",
            "$dps/registrations/res/",
            "$dps/registrations/res/200/?$rid=").Sample(text =>
        {
            _ = ProvisioningTopic.TryParse(text, out _);
            _ = ProvisioningReplyTopic.TryParse(text, out _);
        });
}
