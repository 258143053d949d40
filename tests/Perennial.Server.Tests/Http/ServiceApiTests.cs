using System.Text.Json.Nodes;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

public sealed class ServiceApiTests
{
    private const string Version = "api-version=2021-10-01";

    [Fact]
    public async Task A_slot_that_is_described_and_not_brought_keeps_its_certificate_also_when_moved()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        using var first = TestAuthority.CreateSelfSignedLeaf("device");
        using var second = TestAuthority.CreateSelfSignedLeaf("device");
        var (_, _, stored) = await client.AskAsync(HttpMethod.Put, $"/enrollments/device?{Version}", ServiceClient.Enrollment("device", first));

        var document = JsonNode.Parse(stored.GetRawText())!;
        var slots = document["attestation"]!["x509"]!["clientCertificates"]!.AsObject();
        var described = slots["primary"]!.DeepClone();
        slots["primary"] = new JsonObject { ["certificate"] = second.CertificatePem };
        slots["secondary"] = described;
        var (status, _, moved) = await client.AskAsync(HttpMethod.Put, $"/enrollments/device?{Version}", document.ToJsonString());

        Assert.Equal(200, status);
        var held = moved.GetProperty("attestation").GetProperty("x509").GetProperty("clientCertificates");
        Assert.Equal(second.Certificate.Thumbprint.ToString(), held.GetProperty("primary").GetProperty("info").GetProperty("sha256Thumbprint").GetString());
        Assert.Equal(first.Certificate.Thumbprint.ToString(), held.GetProperty("secondary").GetProperty("info").GetProperty("sha256Thumbprint").GetString());
    }

    [Fact]
    public async Task A_bulk_request_does_what_it_can_and_tells_the_rest()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        using var old = TestAuthority.CreateSelfSignedLeaf("old");
        using var fresh = TestAuthority.CreateSelfSignedLeaf("fresh");
        await client.AskAsync(HttpMethod.Put, $"/enrollments/old?{Version}", ServiceClient.Enrollment("old", old));

        var (status, _, created) = await BulkAsync(client, "create", ServiceClient.Enrollment("old", old), ServiceClient.Enrollment("fresh", fresh));
        Assert.Equal(200, status);
        Assert.False(created.GetProperty("isSuccessful").GetBoolean());
        var error = Assert.Single(created.GetProperty("errors").EnumerateArray());
        Assert.Equal("old", error.GetProperty("registrationId").GetString());
        Assert.Equal(409001, error.GetProperty("errorCode").GetInt32());

        var (_, _, stale) = await BulkAsync(client, "updateIfMatchEtag", ServiceClient.Enrollment("fresh", fresh, etag: "\"stale\""));
        Assert.Equal(412001, Assert.Single(stale.GetProperty("errors").EnumerateArray()).GetProperty("errorCode").GetInt32());

        var (_, _, missing) = await BulkAsync(client, "update", ServiceClient.Enrollment("nobody", fresh));
        Assert.Equal(404201, Assert.Single(missing.GetProperty("errors").EnumerateArray()).GetProperty("errorCode").GetInt32());

        var (_, _, deleted) = await BulkAsync(client, "DELETE", """{"registrationId":"old"}""", """{"registrationId":"fresh"}""");
        Assert.True(deleted.GetProperty("isSuccessful").GetBoolean());
        var (_, _, left) = await client.AskAsync(HttpMethod.Post, $"/enrollments/query?{Version}", """{"query":"*"}""");
        Assert.Equal(0, left.GetArrayLength());
    }

    [Theory]
    [InlineData("GET", "/EnrollmentGroups/none", 404)]
    [InlineData("GET", "/enrollments/none/", 404)]
    [InlineData("PATCH", "/enrollments/none", 405)]
    [InlineData("DELETE", "/registrations/none", 404)]
    [InlineData("POST", "/registrations/none/query", 200)]
    [InlineData("GET", "/nothing-here", 404)]
    public async Task Every_path_answers_with_a_document(string method, string path, int expected)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);

        var (status, headers, body) = await client.AskAsync(new HttpMethod(method), $"{path}?{Version}");

        Assert.Equal(expected, status);
        Assert.True(headers.Contains("x-ms-request-id"));
        Assert.True(status == 200 || body.GetProperty("errorCode").GetInt32() / 1000 == status);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_last_which_names_no_next()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        for (var i = 0; i < 5; i++)
        {
            using var leaf = TestAuthority.CreateSelfSignedLeaf($"device-{i}");
            await client.AskAsync(HttpMethod.Put, $"/enrollments/device-{i}?{Version}", ServiceClient.Enrollment($"device-{i}", leaf));
        }

        var seen = new List<string>();
        (string, string)[] headers = [("x-ms-max-item-count", "2")];
        while (headers.Length > 0)
        {
            var (_, reply, page) = await client.AskAsync(HttpMethod.Post, $"/enrollments/query?{Version}", """{"query":"select * from enrollments;"}""", headers);
            seen.AddRange(page.EnumerateArray().Select(item => item.GetProperty("registrationId").GetString()!));
            Assert.Equal("enrollment", Assert.Single(reply.GetValues("x-ms-item-type")));
            headers = reply.TryGetValues("x-ms-continuation", out var next) ? [("x-ms-max-item-count", "2"), ("x-ms-continuation", next.Single())] : [];
        }

        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"device-{i}"), seen);
    }

    [Fact]
    public async Task A_condition_is_kept_on_every_page_and_one_that_names_nothing_is_refused()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        for (var i = 0; i < 6; i++)
        {
            using var leaf = TestAuthority.CreateSelfSignedLeaf($"device-{i}");
            var document = JsonNode.Parse(ServiceClient.Enrollment($"device-{i}", leaf))!;
            document["provisioningStatus"] = i % 2 == 0 ? "disabled" : "enabled";
            document["initialTwin"] = new JsonObject { ["tags"] = new JsonObject { ["floor"] = i } };
            await client.AskAsync(HttpMethod.Put, $"/enrollments/device-{i}?{Version}", document.ToJsonString());
        }

        var (_, first, page) = await QueryAsync(client, "SELECT * WHERE provisioningStatus = 'Disabled'", ("x-ms-max-item-count", "2"));
        Assert.Equal(["device-0", "device-2"], page);
        var next = ("x-ms-continuation", Assert.Single(first.GetValues("x-ms-continuation")));
        Assert.Equal(["device-4"], (await QueryAsync(client, "SELECT * WHERE provisioningStatus = 'Disabled'", next)).Ids);
        Assert.Equal(["device-3"], (await QueryAsync(client, "SELECT * WHERE registrationId = 'DEVICE-3'")).Ids);
        Assert.Empty((await QueryAsync(client, "SELECT * WHERE registrationId = 'device-3' AND provisioningStatus = 'disabled'")).Ids);
        Assert.Equal(["device-5"], (await QueryAsync(client, "SELECT * WHERE initialTwin.tags.floor = 5")).Ids);
        Assert.Equal(400, (await QueryAsync(client, "SELECT * WHERE colour = 'red'")).Status);
    }

    private static async Task<(int Status, System.Net.Http.Headers.HttpResponseHeaders Headers, string?[] Ids)> QueryAsync(
        ServiceClient client, string query, params (string, string)[] headers)
    {
        var (status, reply, body) = await client.AskAsync(
            HttpMethod.Post, $"/enrollments/query?{Version}", new JsonObject { ["query"] = query }.ToJsonString(), headers);
        return (status, reply, status == 200 ? [.. body.EnumerateArray().Select(item => item.GetProperty("registrationId").GetString())] : []);
    }

    private static Task<(int Status, System.Net.Http.Headers.HttpResponseHeaders Headers, System.Text.Json.JsonElement Body)> BulkAsync(
        ServiceClient client, string mode, params string[] entries) =>
        client.AskAsync(HttpMethod.Post, $"/enrollments/?{Version}", $$"""{"mode":"{{mode}}","enrollments":[{{string.Join(',', entries)}}]}""");
}
