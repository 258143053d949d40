using Perennial.Protocol.Sas;

namespace Perennial.Protocol.Tests.Sas;

public sealed class SasResourceTests
{
    [Theory]
    [InlineData("hub.example", true)]
    [InlineData("HUB.example", true)]
    [InlineData("hub.example/", true)]
    [InlineData("https%3A%2F%2Fhub.example%3A443%2Fdevices%2Fdev1", true)]
    [InlineData("amqps://hub.example:5671/devices/dev1", true)]
    [InlineData("hub.example/devices/dev1/messages", true)]
    [InlineData("hub.example/devices", true)]
    [InlineData("hub.example/devices/dev", false)]
    [InlineData("hub.example/devices/DEV1", false)]
    [InlineData("hub.example/devices/dev10", false)]
    [InlineData("hub.example/devices/dev1/messages/events/more", false)]
    [InlineData("hub.example.evil/devices/dev1", false)]
    [InlineData("hub", false)]
    [InlineData("", false)]
    [InlineData("/devices/dev1", false)]
    public void A_token_covers_its_host_and_what_is_below_its_path(string rawResource, bool expected) =>
        Assert.Equal(
            expected,
            SasResource.TryParse(rawResource, out var resource)
                && resource.Covers("hub.example", StringComparison.Ordinal, "devices", "dev1", "messages", "events"));

    [Theory]
    [InlineData("hub.example%2Fdevices%2Fa%25")]
    [InlineData("hub.example%2Fdevices%2Fa%2525")]
    [InlineData("hub.example/devices/a%25")]
    public void An_id_may_be_encoded_once_or_twice(string rawResource)
    {
        Assert.True(SasResource.TryParse(rawResource, out var resource));
        Assert.True(resource.Equals("hub.example", StringComparison.Ordinal, "devices", "a%"));
    }
}
