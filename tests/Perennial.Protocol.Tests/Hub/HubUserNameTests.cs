using CsCheck;
using Perennial.Protocol.Hub;

namespace Perennial.Protocol.Tests.Hub;

public sealed class HubUserNameTests
{
    [Theory]
    [InlineData("hub.example/dev1/?api-version=2021-04-12&DeviceClientType=azure-iot-device%2F1.18.4%20(node%20v20.20.2%3B%20x)", "2021-04-12")]
    [InlineData("hub.example/dev1/?api-version=2020-09-30", "2020-09-30")]
    [InlineData("hub.example/dev1/api-version=2016-11-14", "2016-11-14")]
    [InlineData("hub.example:8883/dev1/?api-version=2020-09-30", "2020-09-30")]
    [InlineData("hub.example/dev1", null)]
    [InlineData("hub.example/dev1/", null)]
    [InlineData("hub.example/dev1/?", null)]
    public void Every_shape_is_understood(string text, string? version)
    {
        Assert.True(HubUserName.TryParse(text, out var name));
        Assert.Equal(("hub.example", "dev1", null, version), (name.HostName, name.DeviceId.Value, name.ModuleId, name.ApiVersion));
        Assert.Equal("dev1", name.ClientId);
    }

    [Fact]
    public void The_query_is_decoded()
    {
        Assert.True(HubUserName.TryParse("h:8883/dev1/?api-version=2020-09-30&model-id=dtmi%3Aa%3Bb%3B1&DeviceClientType=a%2Fb+c", out var name));
        Assert.Equal(("dtmi:a;b;1", "a/b+c", 8883), (name.ModelId, name.DeviceClientType, name.Port));
    }

    [Theory]
    [InlineData("h/dev%201/?api-version=1", "dev%201")]
    [InlineData("h/a?b=c&/?api-version=1", null)]
    [InlineData("h/a?b=c/?api-version=1", "a?b=c")]
    [InlineData("h/?a/?api-version=1", "?a")]
    [InlineData("h/api-version=1/?api-version=1", "api-version=1")]
    public void Ids_are_never_decoded(string text, string? expected)
    {
        Assert.Equal(expected is not null, HubUserName.TryParse(text, out var name));
        Assert.Equal(expected, name?.DeviceId.Value);
    }

    [Fact]
    public void A_module_is_the_second_part()
    {
        Assert.True(HubUserName.TryParse("h/d/m/?api-version=1", out var name));
        Assert.Equal(("d", "m", "d/m"), (name.DeviceId.Value, name.ModuleId, name.ClientId));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("h/")]
    [InlineData("/d")]
    [InlineData(":8883/d")]
    [InlineData("h:x/d")]
    [InlineData("h:99999/d")]
    [InlineData("h/a/b/c")]
    [InlineData("h/a b")]
    [InlineData("h/d/ü/?api-version=1")]
    public void Another_shape_is_refused(string? text) => Assert.False(HubUserName.TryParse(text, out _));

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        Texts.After("h/", "h/d/?", "h/d/api-version=").Sample(text => { _ = HubUserName.TryParse(text, out _); });
}
