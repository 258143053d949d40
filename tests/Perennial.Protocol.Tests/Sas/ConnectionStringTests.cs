using Perennial.Protocol.Sas;

namespace Perennial.Protocol.Tests.Sas;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("HostName=h.example;SharedAccessKeyName=iothubowner;SharedAccessKey=QUI=")]
    [InlineData("HostName=h.example:8443;DeviceId=dev;x509=true")]
    [InlineData("HostName=h.example;DeviceId=dev;ModuleId=m;SharedAccessKey=QUI=")]
    public void What_is_read_is_written_alike(string text)
    {
        Assert.True(ConnectionString.TryParse(text, out var parsed));
        Assert.Equal(text, parsed.Format());
        Assert.DoesNotContain("QUI=", parsed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_have_no_case_and_spaces_are_dropped()
    {
        Assert.True(ConnectionString.TryParse(" hostname = h ; SHAREDACCESSKEYNAME=p;;Future=1;", out var parsed));
        Assert.Equal(("h", "p"), (parsed.HostName, parsed.SharedAccessKeyName));
    }

    [Fact]
    public void A_token_is_for_the_host_without_its_port_and_names_the_policy()
    {
        Assert.True(ConnectionString.TryParse("HostName=h.example:8443;SharedAccessKeyName=owner;SharedAccessKey=QUI=", out var parsed));
        var expires = DateTimeOffset.FromUnixTimeSeconds(2_000_000_000);
        Assert.Equal(SharedAccessSignature.Create("h.example", "AB"u8.ToArray(), expires, "owner"), parsed.CreateToken(expires));
    }

    [Theory]
    [InlineData("HostName=h.example")]
    [InlineData("HostName=h.example;SharedAccessKeyName=owner;SharedAccessKey=no*base64")]
    public void Without_a_key_it_signs_nothing_and_says_so_without_it(string text)
    {
        Assert.True(ConnectionString.TryParse(text, out var parsed));
        Assert.False(parsed.HasKey);
        var exception = Assert.Throws<InvalidOperationException>(() => parsed.CreateToken(DateTimeOffset.UnixEpoch));
        Assert.DoesNotContain("no*base64", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("DeviceId=d")]
    [InlineData("HostName=")]
    [InlineData("HostName=a;HostName=b")]
    [InlineData("HostName")]
    public void Without_one_host_it_is_refused(string? text) => Assert.False(ConnectionString.TryParse(text, out _));
}
