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

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("DeviceId=d")]
    [InlineData("HostName=")]
    [InlineData("HostName=a;HostName=b")]
    [InlineData("HostName")]
    public void Without_one_host_it_is_refused(string? text) => Assert.False(ConnectionString.TryParse(text, out _));
}
