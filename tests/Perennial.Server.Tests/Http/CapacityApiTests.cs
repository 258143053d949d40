using System.Text.Json;
using Perennial.Server.Tests.Issuance;

namespace Perennial.Server.Tests.Http;

/// <summary>The service measures what it bears, and rolls keep to it.</summary>
public sealed class CapacityApiTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly IssuingInstance _issuing = new();

    public ValueTask DisposeAsync() => _issuing.DisposeAsync();

    [Fact]
    public async Task What_was_never_measured_is_not_told_and_a_measurement_is_kept_with_when_and_how()
    {
        using var service = await _issuing.StartAsync();
        var (status, _, before) = await service.AskAsync(HttpMethod.Get, $"/capacity?{Version}");
        Assert.Equal((200, 0), (status, before.EnumerateObject().Count()));

        var from = TimeProvider.System.GetUtcNow();
        (status, _, var measured) = await service.AskAsync(HttpMethod.Post, $"/capacity?{Version}");
        Assert.True(status == 200, $"{status} {measured}");
        foreach (var part in new[] { "authority", "provisioning", "hub" })
        {
            var figure = measured.GetProperty(part);
            Assert.InRange(figure.GetProperty("perMinute").GetInt32(), 1, int.MaxValue - 1);
            Assert.InRange(figure.GetProperty("measuredUtc").GetDateTimeOffset(), from.AddSeconds(-1), TimeProvider.System.GetUtcNow());
            Assert.NotEmpty(figure.GetProperty("how").GetString()!);
        }

        Assert.True(
            measured.GetProperty("provisioning").GetProperty("perMinute").GetInt32() <= measured.GetProperty("hub").GetProperty("perMinute").GetInt32(),
            "A registration takes a handshake and more.");
        var kept = (await service.AskAsync(HttpMethod.Get, $"/capacity?{Version}")).Body;
        Assert.Equal(JsonSerializer.Serialize(measured), JsonSerializer.Serialize(kept));
        var audit = (await service.AskAsync(HttpMethod.Get, $"/audit?{Version}")).Body.EnumerateArray().Select(row => row.GetProperty("action").GetString());
        Assert.Contains("capacity.measure", audit);
    }
}
