using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>What the service API tells of a change with <c>dryRun=true</c>, before anything is changed.</summary>
public sealed class ImpactApiTests : IDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly TestAuthority _old = TestAuthority.CreateRoot("Old");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("New");

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Fact]
    public async Task A_group_tells_who_would_lose_access_and_changes_nothing()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", Group(_old, _new));
        foreach (var (id, signer) in new[] { ("dev-1", _old), ("dev-2", _old), ("dev-3", _new) })
        {
            await RegisterAsync(instance, id, signer);
        }

        var (status, _, impact) = await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?dryRun=true&{Version}", Group(_new));
        Assert.Equal((200, 2L, 2L), (status, impact.GetProperty("losing").GetInt64(), Count(impact, "losesAtOnce")));
        Assert.Equal((1L, 0L), (Count(impact, "keeps"), Count(impact, "unknown")));
        var reason = Assert.Single(impact.GetProperty("reasons").EnumerateArray());
        Assert.Equal((3005, 2L), (reason.GetProperty("refusal").GetInt32(), reason.GetProperty("devices").GetInt64()));
        Assert.Equal("2049-12-31", Assert.Single(impact.GetProperty("ends").EnumerateArray()).GetProperty("day").GetString());

        var (_, headers, first) = await client.AskAsync(
            HttpMethod.Put, $"/enrollmentGroups/line?dryRun=true&list=losesAtOnce&{Version}", Group(_new), ("x-ms-max-item-count", "1"));
        var next = headers.GetValues("x-ms-continuation").Single();
        var (_, _, second) = await client.AskAsync(
            HttpMethod.Put, $"/enrollmentGroups/line?dryRun=true&list=losesAtOnce&{Version}", Group(_new), ("x-ms-max-item-count", "1"), ("x-ms-continuation", next));
        Assert.Equal(["dev-1", "dev-2"], first.EnumerateArray().Concat(second.EnumerateArray()).Select(device => device.GetProperty("registrationId").GetString()));

        var (_, _, stored) = await client.AskAsync(HttpMethod.Get, $"/enrollmentGroups/line?{Version}");
        Assert.True(stored.GetProperty("attestation").GetProperty("x509").GetProperty("signingCertificates").TryGetProperty("secondary", out _));
        Assert.Equal(202, await RegisterAsync(instance, "dev-1", _old));
        Assert.Equal(3L, Count((await client.AskAsync(HttpMethod.Delete, $"/enrollmentGroups/line?dryRun=true&{Version}")).Body, "losesAtOnce"));
    }

    [Fact]
    public async Task A_change_that_would_not_be_saved_is_refused_as_it_would_be()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", Group(_old));
        Assert.Equal(409, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/other?dryRun=true&{Version}", Group(_old, id: "other"))).Status);
        Assert.Equal(412, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?dryRun=true&{Version}", Group(_new), ("If-Match", "\"stale\""))).Status);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Delete, $"/enrollments/nobody?dryRun=true&{Version}")).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Delete, $"/enrollmentGroups/line?dryRun=true&list=everybody&{Version}")).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Post, $"/enrollmentGroups?dryRun=true&{Version}", """{"mode":"delete","enrollmentGroups":[{"enrollmentGroupId":"line"}]}""")).Status);
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Get, $"/enrollmentGroups/line?{Version}")).Status);
    }

    [Fact]
    public async Task A_device_of_its_own_enrollment_and_one_never_seen_are_told_apart()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        using var leaf = TestAuthority.CreateSelfSignedLeaf("lamp-1");
        using var other = TestAuthority.CreateSelfSignedLeaf("lamp-2");
        await client.AskAsync(HttpMethod.Put, $"/enrollments/lamp-1?{Version}", ServiceClient.Enrollment("lamp-1", leaf));
        await client.AskAsync(HttpMethod.Put, $"/enrollments/lamp-2?{Version}", ServiceClient.Enrollment("lamp-2", other));
        using (var device = new ServiceClient(instance, leaf))
        {
            await device.AskAsync(HttpMethod.Put, $"/{instance.Instance.Document.IdScope}/registrations/lamp-1/register?{Version}", """{"registrationId":"lamp-1"}""");
        }

        Assert.Equal(1, Count((await client.AskAsync(HttpMethod.Delete, $"/enrollments/lamp-1?dryRun=true&{Version}")).Body, "losesAtOnce"));
        Assert.Equal(1, Count((await client.AskAsync(HttpMethod.Delete, $"/enrollments/lamp-2?dryRun=true&{Version}")).Body, "unknown"));
    }

    [Fact]
    public async Task A_CA_certificate_tells_whom_its_end_would_cut_off()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        var certificate = JsonSerializer.Serialize(new { properties = new { certificate = _old.Own.CertificatePem, isVerified = true } });
        await client.AskAsync(HttpMethod.Put, $"/certificates/root?{Version}", certificate);
        var group = JsonSerializer.Serialize(new { enrollmentGroupId = "line", attestation = new { type = "x509", x509 = new { caReferences = new { primary = "root" } } } });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", group)).Status);
        await RegisterAsync(instance, "dev-1", _old);
        var (status, _, impact) = await client.AskAsync(HttpMethod.Delete, $"/certificates/root?dryRun=true&{Version}", null, ("If-Match", "*"));
        Assert.Equal((200, 1L), (status, Count(impact, "losesAtOnce")));
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Get, $"/certificates/root?{Version}")).Status);
    }

    [Fact]
    public async Task Retiring_a_certificate_tells_who_would_lose_access_and_is_refused_without_proof()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/line?{Version}", Group(_old, _new));
        await RegisterAsync(instance, "dev-1", _old);
        await RegisterAsync(instance, "dev-2", _new);
        const string Retire = $"/enrollmentGroups/line/retire?slot=primary&dryRun=true&{Version}";
        Assert.Equal(409, (await client.AskAsync(HttpMethod.Post, Retire)).Status);

        // A device whose registration was deleted holds nothing up.
        await client.AskAsync(HttpMethod.Delete, $"/registrations/dev-1?{Version}");
        var (status, _, impact) = await client.AskAsync(HttpMethod.Post, Retire);
        Assert.Equal((200, 1L, 1L), (status, Count(impact, "losesAtOnce"), Count(impact, "keeps")));
        Assert.Equal("retire the primary certificate of the enrollment group 'line'", impact.GetProperty("change").GetString());
        Assert.Equal(202, await RegisterAsync(instance, "dev-1", _old));
    }

    private static long Count(JsonElement impact, string outcome) => impact.GetProperty("devices").GetProperty(outcome).GetInt64();

    private static string Group(TestAuthority primary, TestAuthority? secondary = null, string id = "line") => JsonSerializer.Serialize(new
    {
        enrollmentGroupId = id,
        attestation = new
        {
            type = "x509",
            x509 = new { signingCertificates = new { primary = Slot(primary), secondary = secondary is null ? null : Slot(secondary) } },
        },
    });

    private static object Slot(TestAuthority authority) => new { certificate = authority.Own.CertificatePem };

    private static async Task<int> RegisterAsync(ServedInstance instance, string id, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(id);
        using var device = new ServiceClient(instance, leaf);
        var path = $"/{instance.Instance.Document.IdScope}/registrations/{id}/register?{Version}";
        return (await device.AskAsync(HttpMethod.Put, path, $$"""{"registrationId":"{{id}}"}""")).Status;
    }
}
