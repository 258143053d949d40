using System.Net;
using System.Text;
using Perennial.X509.Parsing;
using Perennial.X509.Paths;

namespace Perennial.X509.Tests;

public sealed class NameMatcherTests
{
    [Theory]
    [InlineData("host.example.com", "example.com", true)]
    [InlineData("example.com", "example.com", true)]
    [InlineData("HOST.Example.COM", "example.com", true)]
    [InlineData("host.example.com", "", true)]
    [InlineData("*.example.com", "example.com", true)]
    [InlineData("badexample.com", "example.com", false)]
    [InlineData("example.com", "host.example.com", false)]
    [InlineData("*.example.com", "host.example.com", false)]
    public void A_DNS_name_is_within_its_domain(string name, string constraint, bool expected) =>
        Assert.Equal(expected, IsWithin(GeneralNameKind.Dns, name, constraint));

    [Theory]
    [InlineData("*.example.com", "host.example.com", true)]
    [InlineData("*.example.com", "example.com", true)]
    [InlineData("*.example.com", "a.host.example.com", false)]
    [InlineData("*.example.com", "host.example.org", false)]
    public void A_wildcard_touches_every_host_it_may_stand_for(string name, string constraint, bool expected) =>
        Assert.Equal(expected, NameMatcher.Touches(Name(GeneralNameKind.Dns, name), Name(GeneralNameKind.Dns, constraint)));

    [Theory]
    [InlineData("a@example.com", "example.com", true)]
    [InlineData("a@host.example.com", "example.com", false)]
    [InlineData("a@host.example.com", ".example.com", true)]
    [InlineData("a@example.com", ".example.com", false)]
    [InlineData("a@Example.com", "a@example.com", true)]
    [InlineData("A@example.com", "a@example.com", false)]
    public void A_mailbox_is_within_its_host(string name, string constraint, bool expected) =>
        Assert.Equal(expected, IsWithin(GeneralNameKind.Email, name, constraint));

    [Theory]
    [InlineData("https://example.com/x", "example.com", true)]
    [InlineData("https://example.com:8443/x", "example.com", true)]
    [InlineData("https://host.example.com/x", "example.com", false)]
    [InlineData("https://host.example.com/x", ".example.com", true)]
    [InlineData("https://user@host.example.org/?example.com", "example.com", false)]
    public void A_URI_is_within_the_host_it_names(string name, string constraint, bool expected) =>
        Assert.Equal(expected, IsWithin(GeneralNameKind.Uri, name, constraint));

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.0", "255.255.255.0", true)]
    [InlineData("192.0.3.7", "192.0.2.0", "255.255.255.0", false)]
    [InlineData("192.0.3.7", "0.0.0.0", "0.0.0.0", true)]
    [InlineData("2001:db8::1", "2001:db8::", "ffff:ffff::", true)]
    [InlineData("2001:db9::1", "2001:db8::", "ffff:ffff::", false)]
    [InlineData("2001:db8::1", "0.0.0.0", "0.0.0.0", false)]
    public void An_address_is_within_its_network(string address, string network, string mask, bool expected)
    {
        var name = Name(GeneralNameKind.Address, IPAddress.Parse(address).GetAddressBytes());
        Assert.Equal(expected, NameMatcher.IsWithin(name, Network(network, mask)));
    }

    [Theory]
    [InlineData("192.0.2.0", "255.255.254.0", true)]
    [InlineData("192.0.2.0", "255.0.255.0", false)]
    [InlineData("192.0.2.0", "255.255.253.0", false)]
    public void A_mask_is_ones_before_zeros(string network, string mask, bool expected) =>
        Assert.Equal(expected, NameMatcher.IsWellFormed(Network(network, mask)));

    [Theory]
    [InlineData(nameof(GeneralNameKind.Uri), "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")]
    [InlineData(nameof(GeneralNameKind.Uri), "https://192.0.2.1/")]
    [InlineData(nameof(GeneralNameKind.Dns), ".example.com")]
    [InlineData(nameof(GeneralNameKind.Dns), "example.com.")]
    [InlineData(nameof(GeneralNameKind.Dns), "exa\0mple.com")]
    [InlineData(nameof(GeneralNameKind.Email), "a@b@example.com")]
    [InlineData(nameof(GeneralNameKind.Other), "x")]
    public void A_name_that_constraints_cannot_judge_is_told(string kind, string name) =>
        Assert.False(NameMatcher.IsJudgeable(Name(Enum.Parse<GeneralNameKind>(kind), name)));

    [Fact]
    public void A_directory_name_is_compared_without_case_and_spaces_and_from_its_top()
    {
        var constraint = Directory(("2.5.4.10", "Example  Works"));
        Assert.True(NameMatcher.IsWithin(Directory(("2.5.4.10", "EXAMPLE works"), ("2.5.4.3", "dev-01")), constraint));
        Assert.False(NameMatcher.IsWithin(Directory(("2.5.4.3", "dev-01"), ("2.5.4.10", "Example Works")), constraint));
        Assert.False(NameMatcher.IsWithin(Directory(("2.5.4.11", "Example Works")), constraint));
        Assert.False(NameMatcher.IsWithin(Directory(), constraint));
    }

    private static bool IsWithin(GeneralNameKind kind, string name, string constraint) =>
        NameMatcher.IsJudgeable(Name(kind, name)) && NameMatcher.IsWithin(Name(kind, name), Name(kind, constraint));

    private static GeneralName Name(GeneralNameKind kind, string text) => Name(kind, Encoding.ASCII.GetBytes(text));

    private static GeneralName Name(GeneralNameKind kind, byte[] content) => new(kind, content, []);

    private static GeneralName Network(string network, string mask) =>
        Name(GeneralNameKind.Address, [.. IPAddress.Parse(network).GetAddressBytes(), .. IPAddress.Parse(mask).GetAddressBytes()]);

    private static GeneralName Directory(params (string Type, string Value)[] attributes)
    {
        var der = TestCertificates.TestName.OfAttributes(attributes);
        return new(GeneralNameKind.Directory, der, NameReader.ReadParts(der));
    }
}
