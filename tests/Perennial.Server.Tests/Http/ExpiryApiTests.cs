using System.Globalization;
using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Http;

/// <summary>What the service API tells of a day to come: who would be refused on it if nothing was rolled.</summary>
public sealed class ExpiryApiTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly ServedInstance _instance = ServedInstance.Open(TimeProvider.System);
    private readonly TestAuthority _root = TestAuthority.CreateRoot("Root", Until(400));

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        _root.Dispose();
    }

    [Fact]
    public async Task A_day_tells_who_would_be_refused_by_group_and_why_and_who_goes_on()
    {
        await _instance.StartAsync();
        using var client = new ServiceClient(_instance);
        using var line = _root.CreateIntermediate("Line", Until(90));
        await _instance.EnrollGroupAsync("line", line.Own);
        foreach (var (id, days) in new[] { ("dev-1", 30), ("dev-2", 60), ("dev-3", 300) })
        {
            using var leaf = line.IssueLeaf(id, Until(days));
            await RegisterAsync(id, leaf);
        }

        foreach (var (id, days) in new[] { ("lamp-1", 45), ("lamp-2", 500) })
        {
            using var leaf = TestAuthority.CreateSelfSignedLeaf(id, Until(days));
            await _instance.EnrollAsync(id, leaf);
            await RegisterAsync(id, leaf);
        }

        Assert.Equal((5, 0, "2 0 0, line 3 0 0"), await AskAsync(client, 10));
        Assert.Equal((5, 2, "2 1 0, line 3 1 0"), await AskAsync(client, 50));
        Assert.Equal((5, 4, "line 3 2 1, 2 1 0"), await AskAsync(client, 100));
        var reasons = (await ForecastAsync(client, 100)).GetProperty("reasons").EnumerateArray().ToList();
        Assert.Equal(4, reasons.Sum(reason => reason.GetProperty("devices").GetInt32()));
        Assert.Contains(reasons, reason => reason.GetProperty("refusal").GetInt32() == CertificateRefusals.Expired.Number && reason.GetProperty("remedy").GetString()!.Length > 0);
    }

    [Fact]
    public async Task A_day_that_is_over_or_none_is_refused_and_the_empty_fleet_loses_nobody()
    {
        await _instance.StartAsync();
        using var client = new ServiceClient(_instance);
        foreach (var at in new[] { "", "at=someday&", "at=2001-03-01&" })
        {
            var (status, _, body) = await client.AskAsync(HttpMethod.Get, $"/expiry?{at}{Version}");
            Assert.Equal(400, status);
            Assert.Contains("for instance 2027-03-01", body.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal((0, 0, ""), await AskAsync(client, 10));
    }

    private static async Task<(int Devices, int Refused, string Parts)> AskAsync(ServiceClient client, int days)
    {
        var found = await ForecastAsync(client, days);
        var parts = found.GetProperty("parts").EnumerateArray().Select(part => string.Join(' ', part.EnumerateObject().Select(member => member.Value.ToString())));
        return (found.GetProperty("devices").GetInt32(), found.GetProperty("refused").GetInt32(), string.Join(", ", parts));
    }

    private static async Task<JsonElement> ForecastAsync(ServiceClient client, int days)
    {
        var day = TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (status, _, found) = await client.AskAsync(HttpMethod.Get, $"/expiry?at={day}&{Version}");
        Assert.True(status == 200, found.GetRawText());
        Assert.StartsWith(day, found.GetProperty("atUtc").GetString(), StringComparison.Ordinal);
        return found;
    }

    private async Task RegisterAsync(string id, TestCertificate leaf) =>
        await (await PublishingDevice.ConnectAsync(DeviceEndpoint.Of(_instance.Instance), id, leaf)).DisposeAsync();

    private static TestCertificateOptions Until(int days) => new() { NotAfter = TimeProvider.System.GetUtcNow().AddDays(days) };
}
