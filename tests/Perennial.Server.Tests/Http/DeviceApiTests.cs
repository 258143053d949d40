using System.Net;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

public sealed class DeviceApiTests
{
    private const string Version = "api-version=2019-03-31";

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Registering_is_202_with_the_final_state_and_polling_200(string version)
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("device");
        await using var instance = ServedInstance.Open(TimeProvider.System);
        await instance.EnrollAsync("device", leaf);
        await instance.StartAsync();
        using var client = new ServiceClient(instance, leaf, System.Version.Parse(version));
        var scope = instance.Instance.Document.IdScope;

        var (status, headers, registered) = await client.AskAsync(HttpMethod.Put, $"/{scope.ToLowerInvariant()}/Registrations/device/REGISTER?{Version}", "{}");
        Assert.Equal(202, status);
        Assert.Equal("3", Assert.Single(headers.GetValues("Retry-After")));
        Assert.Equal("assigned", registered.GetProperty("status").GetString());
        Assert.NotNull(headers.Location);

        var operation = registered.GetProperty("operationId").GetString();
        var (polled, _, ended) = await client.AskAsync(HttpMethod.Get, $"/{scope}/registrations/device/operations/{operation}?{Version}", "{}");
        Assert.Equal(200, polled);
        Assert.Equal("localhost", ended.GetProperty("registrationState").GetProperty("assignedHub").GetString());

        var (found, _, state) = await client.AskAsync(HttpMethod.Post, $"/{scope}/registrations/device?{Version}", "{}");
        Assert.Equal(200, found);
        Assert.Equal("device", state.GetProperty("deviceId").GetString());
    }

    [Fact]
    public async Task Another_leaf_of_the_same_name_learns_nothing_of_an_operation()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("device");
        using var stranger = TestAuthority.CreateSelfSignedLeaf("device");
        await using var instance = ServedInstance.Open(TimeProvider.System);
        await instance.EnrollAsync("device", leaf);
        await instance.StartAsync();
        using var client = new ServiceClient(instance, leaf);
        using var other = new ServiceClient(instance, stranger);
        var scope = instance.Instance.Document.IdScope;
        var (_, _, registered) = await client.AskAsync(HttpMethod.Put, $"/{scope}/registrations/device/register?{Version}", "{}");
        var operation = registered.GetProperty("operationId").GetString();

        Assert.Equal(404, (await other.AskAsync(HttpMethod.Get, $"/{scope}/registrations/device/operations/{operation}?{Version}")).Status);
        Assert.Equal(404, (await other.AskAsync(HttpMethod.Post, $"/{scope}/registrations/device?{Version}", "{}")).Status);
    }

    [Theory]
    [InlineData("/0neFFFFFFFF/registrations/device/register?api-version=2019-03-31", "{}", 404)]
    [InlineData("/{scope}/registrations/device/register", "{}", 400)]
    [InlineData("/{scope}/registrations/device/register?api-version=2019-03-31", "{", 400)]
    [InlineData("/{scope}/registrations/dev%20ice/register?api-version=2019-03-31", "{}", 404)]
    public async Task What_cannot_be_is_told_with_a_document(string path, string body, int expected)
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("device");
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance, leaf);

        var (status, _, error) = await client.AskAsync(
            HttpMethod.Put, path.Replace("{scope}", instance.Instance.Document.IdScope, StringComparison.Ordinal), body);

        Assert.Equal(expected, status);
        Assert.Equal(expected, error.GetProperty("errorCode").GetInt32() / 1000);
    }

    [Fact]
    public async Task A_body_over_96_KB_is_413()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("device");
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        using var client = new ServiceClient(instance, leaf);

        var (status, _, _) = await client.AskAsync(
            HttpMethod.Put,
            $"/{instance.Instance.Document.IdScope}/registrations/device/register?{Version}",
            $$"""{"payload":"{{new string('x', 97 * 1024)}}"}""");

        Assert.Equal((int)HttpStatusCode.RequestEntityTooLarge, status);
    }
}
