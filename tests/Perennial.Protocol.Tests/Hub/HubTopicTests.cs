using CsCheck;
using Perennial.Protocol.Hub;

namespace Perennial.Protocol.Tests.Hub;

public sealed class HubTopicTests
{
    private static readonly DeviceId Device = DeviceId.Parse("dev1", null);

    [Fact]
    public void Captured_topics_are_read()
    {
        Assert.Equal(new HubTopic.TwinGet("5"), Parse("$iothub/twin/GET/?$rid=5"));
        Assert.Equal(new HubTopic.TwinReported("6", null), Parse("$iothub/twin/PATCH/properties/reported/?$rid=6"));
        Assert.Equal(new HubTopic.TwinReported("6", 7), Parse("$iothub/twin/PATCH/properties/reported/?$rid=6&$version=7"));
        Assert.Equal(new HubTopic.MethodResponse(200, "1"), Parse("$iothub/methods/res/200/?$rid=1"));
        Assert.Equal(new HubTopic.MethodResponse(-1, "1"), Parse("$iothub/methods/res/-1/?$rid=1"));
    }

    [Fact]
    public void A_captured_telemetry_topic_is_read()
    {
        var topic = Assert.IsType<HubTopic.Telemetry>(
            Parse("devices/dev1/messages/events/%24.mid=m1&%24.ct=application%2Fjson&%24.ce=utf-8&p=v"));
        Assert.Equal((Device, null), (topic.DeviceId, topic.ModuleId));
        Assert.Equal("m1", topic.Properties[SystemProperty.MessageId]);
        Assert.Equal("v", topic.Properties.Application["p"]);
    }

    [Theory]
    [InlineData("devices/dev1/messages/events", "dev1", null)]
    [InlineData("devices/dev1/messages/events/", "dev1", null)]
    [InlineData("devices/dev%201/messages/events/a=b/", "dev%201", null)]
    [InlineData("devices/modules/messages/events/", "modules", null)]
    [InlineData("devices/d/modules/m/messages/events/%24.on=out/", "d", "m")]
    public void Telemetry_names_its_device(string text, string device, string? module)
    {
        var topic = Assert.IsType<HubTopic.Telemetry>(Parse(text));
        Assert.Equal((device, module), (topic.DeviceId.Value, topic.ModuleId));
    }

    [Theory]
    [InlineData("$iothub/twin/GET/")]
    [InlineData("$iothub/twin/GET/?$rid=")]
    [InlineData("$iothub/twin/PATCH/properties/reported/?$version=1")]
    [InlineData("$iothub/methods/res/200/")]
    public void Without_a_request_id_nothing_can_be_answered(string text) => Assert.IsType<HubTopic.Unanswerable>(Parse(text));

    [Fact]
    public void A_version_that_is_no_number_never_matches() =>
        Assert.Equal(new HubTopic.TwinReported("1", -1), Parse("$iothub/twin/PATCH/properties/reported/?$rid=1&$version=x"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("$iothub/twin/get/?$rid=1")]
    [InlineData("$iothub/twin/res/200/?$rid=1")]
    [InlineData("$iothub/methods/res/ok/?$rid=1")]
    [InlineData("$iothub/methods/POST/m/?$rid=1")]
    [InlineData("$dps/registrations/PUT/iotdps-register/?$rid=1")]
    [InlineData("devices/dev1/messages/eventsx")]
    [InlineData("devices/dev1/messages/devicebound/")]
    [InlineData("devices//messages/events/")]
    [InlineData("devices/a b/messages/events/")]
    [InlineData("Devices/dev1/messages/events/")]
    public void Another_topic_is_foreign(string? text) => Assert.False(HubTopic.TryParse(text, out _));

    [Fact]
    public void Answers_are_cut_to_the_position()
    {
        Assert.Equal("$iothub/twin/res/200/?$rid=5", DeviceboundTopic.TwinResponse(200, "5"));
        Assert.Equal("$iothub/twin/res/204/?$rid=6&$version=9", DeviceboundTopic.TwinResponse(204, "6", 9));
        Assert.Equal("$iothub/twin/PATCH/properties/desired/?$version=4", DeviceboundTopic.Desired(4));
        Assert.Equal("$iothub/methods/POST/reboot/?$rid=1", DeviceboundTopic.Method("reboot", "1"));
    }

    [Fact]
    public void A_message_to_a_device_always_has_a_destination()
    {
        Assert.Equal(
            "devices/dev1/messages/devicebound/%24.to=%2Fdevices%2Fdev1%2Fmessages%2Fdevicebound",
            DeviceboundTopic.Message(Device, MessageProperties.Empty));
        Assert.Equal(
            "devices/dev1/messages/devicebound/%24.mid=c2d-1&%24.to=%2Fdevices%2Fdev1%2Fmessages%2Fdevicebound&iothub-ack=full&a=b&n=",
            DeviceboundTopic.Message(
                Device,
                MessageProperties.Empty.With(SystemProperty.MessageId, "c2d-1").With(SystemProperty.Ack, "full").With("a", "b").With("n", null)));
    }

    [Theory]
    [InlineData("$iothub/twin/res/#", HubSubscription.TwinResponses)]
    [InlineData("$iothub/twin/PATCH/properties/desired/#", HubSubscription.DesiredProperties)]
    [InlineData("$iothub/methods/POST/#", HubSubscription.Methods)]
    [InlineData("$iothub/credentials/res/#", HubSubscription.CertificateAnswers)]
    [InlineData("$iothub/credential/#", HubSubscription.CertificateAnswers)]
    [InlineData("devices/dev1/messages/devicebound/#", HubSubscription.Messages)]
    [InlineData("devices/DEV1/messages/devicebound/#", HubSubscription.Foreign)]
    [InlineData("devices/dev2/messages/devicebound/#", HubSubscription.Foreign)]
    [InlineData("devices/+/messages/devicebound/#", HubSubscription.Foreign)]
    [InlineData("#", HubSubscription.Foreign)]
    [InlineData(null, HubSubscription.Foreign)]
    public void A_filter_is_one_of_the_known_or_foreign(string? filter, HubSubscription expected) =>
        Assert.Equal(expected, HubFilter.Classify(filter, Device));

    [Theory]
    [InlineData("$iothub/methods/POST/#", HubSubscription.Methods)]
    [InlineData("devices/dev1/modules/mod/inputs/#", HubSubscription.Inputs)]
    [InlineData("devices/dev1/modules/mod/#", HubSubscription.Inputs)]
    [InlineData("devices/dev1/modules/mod/messages/devicebound/#", HubSubscription.Messages)]
    [InlineData("devices/dev1/modules/other/inputs/#", HubSubscription.Foreign)]
    [InlineData("devices/dev1/messages/devicebound/#", HubSubscription.Foreign)]
    [InlineData("devices/dev1/modules/+/inputs/#", HubSubscription.Foreign)]
    public void A_module_subscribes_to_its_own(string? filter, HubSubscription expected) =>
        Assert.Equal(expected, HubFilter.Classify(filter, Device, "mod"));

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 64], Gen.Int, Gen.Long[0, long.MaxValue].Nullable()).Sample((rid, status, version) =>
        {
            foreach (var topic in (HubTopic[])[new HubTopic.TwinGet(rid), new HubTopic.TwinReported(rid, version), new HubTopic.MethodResponse(status, rid)])
            {
                Assert.Equal(topic, Parse(topic.Format()));
            }

            var telemetry = new HubTopic.Telemetry(Device, null, MessageProperties.Empty.With(rid, rid));
            Assert.Equal(rid, Assert.IsType<HubTopic.Telemetry>(Parse(telemetry.Format())).Properties.Application[rid]);
        });

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Texts.After("$iothub/twin/GET/", "$iothub/twin/PATCH/properties/reported/", "$iothub/methods/res/", "devices/", "devices/d/messages/events/")
            .Sample(text => { _ = HubTopic.TryParse(text, out _); });

    private static HubTopic Parse(string text)
    {
        Assert.True(HubTopic.TryParse(text, out var topic));
        return topic;
    }
}
