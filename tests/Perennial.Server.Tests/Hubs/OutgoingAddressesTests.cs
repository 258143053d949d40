using System.Net;
using Perennial.Server.Hubs;

namespace Perennial.Server.Tests.Hubs;

public sealed class OutgoingAddressesTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::1")]
    public void Addresses_inside_are_not_connected_to(string address) =>
        Assert.False(new OutgoingAddresses([]).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700::1111")]
    public void Public_ones_are(string address) => Assert.True(new OutgoingAddresses([]).Allows(IPAddress.Parse(address)));

    [Fact]
    public void A_network_that_the_operator_allows_is_open_and_nothing_beside_it()
    {
        var addresses = new OutgoingAddresses([IPNetwork.Parse("10.1.0.0/16")]);
        Assert.True(addresses.Allows(IPAddress.Parse("10.1.2.3")));
        Assert.True(addresses.Allows(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.False(addresses.Allows(IPAddress.Parse("10.2.0.1")));
    }

    [Fact]
    public async Task A_name_that_leads_inside_is_refused_when_it_is_connected_to()
    {
        var exception = await Assert.ThrowsAsync<AddressNotAllowedException>(
            async () => await new OutgoingAddresses([]).ConnectAsync("localhost", 443, TestContext.Current.CancellationToken));
        Assert.Contains("localhost", exception.Message, StringComparison.Ordinal);
    }
}
