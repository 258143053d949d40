using System.Text.Json;
using Perennial.Server.Tests.Issuance;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>A roll of the leaves of single devices, through the service API, with devices that register for real.</summary>
public sealed class LeafRollTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly IssuingInstance _issuing = new();

    public ValueTask DisposeAsync() => _issuing.DisposeAsync();

    [Fact]
    public async Task Each_old_leaf_is_retired_when_its_device_has_moved_whether_the_new_one_was_staged_or_obtained()
    {
        using var service = await _issuing.StartAsync();
        var roll = new RollWatch(service, "leaves");
        using var first = Leaves("dev-1");
        using var second = Leaves("dev-2");
        using var third = Leaves("dev-3");
        await EnrollAsync(service, "dev-1", first.Old, first.New);
        await EnrollAsync(service, "dev-2", second.Old, null);
        await EnrollAsync(service, "dev-3", third.Old, third.New);
        foreach (var (id, leaf) in new[] { ("dev-1", first.Old), ("dev-2", second.Old), ("dev-3", third.Old) })
        {
            Assert.Equal(202, await RegisterAsync(id, leaf));
        }

        await roll.StartAsync("""
            {"registrationIds":["dev-1","dev-2","dev-3"],"oldSlot":"primary","reason":"expiration",
             "plan":{"canary":["dev-2"],"waveSize":1,"growth":1,"soakSeconds":0,"gate":1}}
            """);
        await roll.WaitForAsync("dev-2", "offered");
        Assert.Equal("pending", (await roll.DeviceAsync("dev-1")).GetProperty("state").GetString());
        Assert.Equal(202, await RegisterAsync("dev-2", second.Old));

        // The device obtains its next leaf. That it was issued moves nothing; that it is used does.
        using var obtained = await _issuing.ObtainAsync("dev-2", second.Old);
        Assert.Equal("offered", (await roll.DeviceAsync("dev-2")).GetProperty("state").GetString());
        Assert.Equal(202, await RegisterAsync("dev-2", obtained));
        await roll.WaitForAsync("dev-2", "moved");
        Assert.False(await HoldsOldAsync("dev-2"));

        // The next one moves by the leaf that was staged for it, and only its own old leaf goes.
        await roll.WaitForAsync("dev-1", "offered");
        Assert.Equal(202, await RegisterAsync("dev-1", first.New));
        await RollWatch.WaitAsync(async () => !await HoldsOldAsync("dev-1"));
        await roll.WaitForAsync("dev-3", "offered");
        Assert.Equal(202, await RegisterAsync("dev-3", third.Old));

        await roll.WaiveAsync("dev-3", "in the cellar until spring");
        var done = await roll.WaitForStateAsync("completed");
        var progress = done.GetProperty("progress");
        Assert.Equal(("leaf", 3, 2, 1, 0), (done.GetProperty("kind").GetString(), Number("devices"), Number("moved"), Number("waived"), Number("open")));
        Assert.Equal((202, 202, 202), (await RegisterAsync("dev-1", first.New), await RegisterAsync("dev-2", obtained), await RegisterAsync("dev-3", third.Old)));
        Assert.Equal((401, 401), (await RegisterAsync("dev-1", first.Old), await RegisterAsync("dev-2", second.Old)));

        async Task<bool> HoldsOldAsync(string id) => (await service.AskAsync(HttpMethod.Get, $"/enrollments/{id}?{Version}")).Body
            .GetProperty("attestation").GetProperty("x509").GetProperty("clientCertificates").TryGetProperty("primary", out var old) && old.ValueKind != JsonValueKind.Null;

        int Number(string member) => progress.GetProperty(member).GetInt32();
    }

    [Fact]
    public async Task A_device_without_a_leaf_in_the_slot_makes_no_roll()
    {
        using var service = await _issuing.StartAsync();
        using var leaves = Leaves("dev-1");
        await EnrollAsync(service, "dev-1", leaves.Old, null);
        foreach (var body in new[] { """{"registrationIds":["dev-1"],"oldSlot":"secondary"}""", """{"registrationIds":["dev-1","dev-2"]}""" })
        {
            Assert.Equal(400, (await service.AskAsync(HttpMethod.Put, $"/rolls/leaves?{Version}", body)).Status);
        }
    }

    private static LeafPair Leaves(string id) => new(TestAuthority.CreateSelfSignedLeaf(id), TestAuthority.CreateSelfSignedLeaf(id));

    private static Task EnrollAsync(ServiceClient service, string id, TestCertificate old, TestCertificate? staged) => IssuingInstance.EnrollAsync(
        service,
        id,
        JsonSerializer.Serialize(new
        {
            type = "x509",
            x509 = new { clientCertificates = new { primary = new { certificate = old.CertificatePem }, secondary = staged is null ? null : new { certificate = staged.CertificatePem } } },
        }));

    private async Task<int> RegisterAsync(string id, TestCertificate leaf)
    {
        using var device = new ServiceClient(_issuing.Served, leaf);
        var path = $"/{_issuing.Served.Instance.Document.IdScope}/registrations/{id}/register?{Version}";
        return (await device.AskAsync(HttpMethod.Put, path, $$"""{"registrationId":"{{id}}"}""")).Status;
    }

    private sealed record LeafPair(TestCertificate Old, TestCertificate New) : IDisposable
    {
        public void Dispose()
        {
            Old.Dispose();
            New.Dispose();
        }
    }
}
