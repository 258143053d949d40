using System.Net;
using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

public sealed class AuditApiTests
{
    private const string Version = "api-version=2021-10-01";

    [Fact]
    public async Task Changes_are_listed_with_who_what_before_and_after_and_the_chain_is_whole()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        using var leaf = TestAuthority.CreateSelfSignedLeaf("dev-01");
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollments/dev-01?{Version}", ServiceClient.Enrollment("dev-01", leaf))).Status);
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/enrollments/dev-01?{Version}")).Status);

        var (_, headers, entries) = await client.AskAsync(HttpMethod.Get, $"/audit?action=enrollment.&{Version}", null, ("x-ms-max-item-count", "1"));
        var removed = Assert.Single(entries.EnumerateArray());
        Assert.Equal("enrollment.delete", removed.GetProperty("action").GetString());
        Assert.StartsWith("policy ", removed.GetProperty("actor").GetString(), StringComparison.Ordinal);
        var continuation = Assert.Single(headers.GetValues("x-ms-continuation"));
        var (_, _, rest) = await client.AskAsync(
            HttpMethod.Get, $"/audit?action=enrollment.&{Version}", null, ("x-ms-max-item-count", "1"), ("x-ms-continuation", continuation));
        var saved = Assert.Single(rest.EnumerateArray());
        Assert.False(saved.TryGetProperty("before", out _));
        Assert.Equal(saved.GetProperty("after").GetString(), removed.GetProperty("before").GetString());

        var (_, _, verdict) = await client.AskAsync(HttpMethod.Get, $"/audit/verdict?{Version}&expected={removed.GetProperty("hash").GetString()}");
        Assert.True(verdict.GetProperty("whole").GetBoolean());
        Assert.True(verdict.GetProperty("holdsExpected").GetBoolean());
    }

    [Theory]
    [InlineData("/audit?from=yesterday")]
    [InlineData("/audit/verdict?expected=12")]
    [InlineData("/audit/export?format=xml")]
    public async Task What_cannot_be_read_is_told(string path)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        Assert.Equal(HttpStatusCode.BadRequest, (HttpStatusCode)(await client.AskAsync(HttpMethod.Get, $"{path}&{Version}")).Status);
    }

    [Fact]
    public async Task An_export_can_be_checked_without_the_server()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollments/dev-01?{Version}", ServiceClient.Enrollment("dev-01", TestAuthority.CreateSelfSignedLeaf("dev-01")))).Status);
        var lines = await client.ReadTextAsync($"/audit/export?{Version}");
        Assert.Contains("enrollment.save", lines, StringComparison.Ordinal);
        Assert.All(lines.TrimEnd().Split('\n'), line => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(line).RootElement.ValueKind));
        var table = await client.ReadTextAsync($"/audit/export?format=csv&{Version}");
        Assert.StartsWith("number,at,actor,action,subject,before,after,hash\r\n", table, StringComparison.Ordinal);
    }
}
