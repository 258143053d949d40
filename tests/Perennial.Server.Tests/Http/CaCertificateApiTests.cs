using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

public sealed class CaCertificateApiTests
{
    private const string Version = "api-version=2022-12-12";
    private static readonly (string, string)[] Any = [("If-Match", "*")];

    [Fact]
    public async Task A_certificate_is_verified_by_a_child_with_the_code_as_its_name_and_the_code_is_used_up()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        using var root = TestAuthority.CreateRoot("Root");
        using var impostor = root.Forge();
        var (_, _, uploaded) = await UploadAsync(client, "root", root);
        Assert.False(uploaded.GetProperty("properties").GetProperty("isVerified").GetBoolean());

        var (_, _, first) = await client.AskAsync(HttpMethod.Post, $"/certificates/root/generateVerificationCode?{Version}", null, Any);
        var (_, _, second) = await client.AskAsync(HttpMethod.Post, $"/certificates/root/generateVerificationCode?{Version}", null, Any);
        var (oldCode, code) = (CodeOf(first), CodeOf(second));
        Assert.NotEqual(oldCode, code);
        Assert.NotEqual(first.GetProperty("etag").GetString(), second.GetProperty("etag").GetString());

        Assert.Equal(400, (await VerifyAsync(client, root.IssueLeaf(oldCode))).Status);
        Assert.Equal(400, (await VerifyAsync(client, impostor.IssueLeaf(code))).Status);
        Assert.Equal(400, (await VerifyAsync(client, TestAuthority.CreateSelfSignedLeaf(code))).Status);
        var (status, verified) = await VerifyAsync(client, root.IssueLeaf(code));
        Assert.Equal(200, status);
        Assert.True(verified.GetProperty("properties").GetProperty("isVerified").GetBoolean());
        Assert.False(verified.GetProperty("properties").TryGetProperty("verificationCode", out _));
        Assert.Equal(400, (await VerifyAsync(client, root.IssueLeaf(code))).Status);
    }

    [Fact]
    public async Task What_is_there_is_changed_and_deleted_only_with_its_etag()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        using var root = TestAuthority.CreateRoot("Root");
        using var other = TestAuthority.CreateRoot("Other");
        var (_, _, uploaded) = await UploadAsync(client, "root", root, isVerified: true);
        var etag = uploaded.GetProperty("etag").GetString()!;

        Assert.Equal(412, (await UploadAsync(client, "root", other)).Status);
        Assert.Equal(412, (await UploadAsync(client, "root", other, headers: [("If-Match", "\"stale\"")])).Status);
        var (_, _, replaced) = await UploadAsync(client, "root", other, headers: [("If-Match", etag)]);
        Assert.False(replaced.GetProperty("properties").GetProperty("isVerified").GetBoolean());
        Assert.Equal(412, (await client.AskAsync(HttpMethod.Delete, $"/certificates/root?{Version}")).Status);
        Assert.Equal(412, (await client.AskAsync(HttpMethod.Delete, $"/certificates/root?{Version}", null, ("If-Match", etag))).Status);
        Assert.Equal(204, (await client.AskAsync(HttpMethod.Delete, $"/certificates/root?{Version}", null, Any)).Status);
        Assert.Equal(404, (await client.AskAsync(HttpMethod.Get, $"/certificates/root?{Version}")).Status);
    }

    [Fact]
    public async Task A_leaf_is_no_CA_certificate_and_a_list_shows_the_rest()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance);
        using var root = TestAuthority.CreateRoot("Root");
        await UploadAsync(client, "b", root);
        await UploadAsync(client, "a", root);

        using var leaf = TestAuthority.CreateSelfSignedLeaf("leaf");
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/certificates/leaf?{Version}", BodyOf(leaf, null))).Status);
        Assert.Equal(400, (await client.AskAsync(HttpMethod.Put, $"/certificates/a%20b?{Version}", BodyOf(root.Own, null))).Status);
        var (_, _, list) = await client.AskAsync(HttpMethod.Get, $"/certificates?{Version}");
        Assert.Equal(["a", "b"], list.GetProperty("value").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
    }

    private static string CodeOf(JsonElement answer) => answer.GetProperty("properties").GetProperty("verificationCode").GetString()!;

    private static async Task<(int Status, JsonElement Body)> VerifyAsync(ServiceClient client, TestCertificate proof)
    {
        var body = JsonSerializer.Serialize(new { certificate = proof.CertificatePem });
        var (status, _, answer) = await client.AskAsync(HttpMethod.Post, $"/certificates/root/verify?{Version}", body, Any);
        return (status, answer);
    }

    private static Task<(int Status, System.Net.Http.Headers.HttpResponseHeaders Headers, JsonElement Body)> UploadAsync(
        ServiceClient client, string name, TestAuthority root, bool? isVerified = null, params (string, string)[] headers) =>
        client.AskAsync(HttpMethod.Put, $"/certificates/{name}?{Version}", BodyOf(root.Own, isVerified), headers);

    private static string BodyOf(TestCertificate certificate, bool? isVerified) =>
        JsonSerializer.Serialize(new { properties = new { certificate = certificate.CertificatePem, isVerified } });
}
