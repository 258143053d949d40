using System.Text;
using System.Text.Json;
using Perennial.Hub.Methods;

namespace Perennial.Hub.Tests.Methods;

public sealed class MethodRequestTests
{
    [Fact]
    public void What_is_not_given_has_a_default()
    {
        Assert.True(MethodRequest.TryCreate("reboot", null, null, null, out var request, out _));
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.Zero), (request.ResponseTime, request.ConnectTime));
        Assert.Equal("null", Encoding.UTF8.GetString(request.Payload.Span));
    }

    [Theory]
    [InlineData(null, 30, 0)]
    [InlineData("", 30, 0)]
    [InlineData("a/b", 30, 0)]
    [InlineData("a b", 30, 0)]
    [InlineData("#", 30, 0)]
    [InlineData("a?b", 30, 0)]
    [InlineData("a%20", 30, 0)]
    [InlineData("m", 4, 0)]
    [InlineData("m", 301, 0)]
    [InlineData("m", 30, 31)]
    [InlineData("m", 30, -1)]
    public void What_breaks_a_bound_is_not_asked(string? name, int response, int connect)
    {
        Assert.False(MethodRequest.TryCreate(name, null, TimeSpan.FromSeconds(response), TimeSpan.FromSeconds(connect), out _, out var fault));
        Assert.False(fault.IsTooLarge);
    }

    [Theory]
    [InlineData(128 * 1024, true)]
    [InlineData((128 * 1024) + 1, false)]
    public void The_payload_has_a_bound(int length, bool fits)
    {
        var payload = JsonElement.Parse($"\"{new string('a', length - 2)}\"");
        Assert.Equal(fits, MethodRequest.TryCreate("m", payload, null, null, out _, out var fault));
        Assert.Equal(!fits, fault?.IsTooLarge == true);
    }
}
