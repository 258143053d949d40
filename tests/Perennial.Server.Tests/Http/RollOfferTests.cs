using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Rolling.Levelling;
using Perennial.Server.Http;
using Perennial.Server.Tests.Issuance;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>How devices of a roll learn of it, as their enrollment says.</summary>
public sealed class RollOfferTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private static readonly RollWindow Window = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2030, 1, 2, 0, 0, 0, TimeSpan.Zero));

    private readonly IssuingInstance _issuing = new();
    private readonly TestAuthority _next = TestAuthority.CreateRoot("Next");

    public async ValueTask DisposeAsync()
    {
        await _issuing.DisposeAsync();
        _next.Dispose();
    }

    [Fact]
    public async Task A_device_is_told_the_window_in_the_reply_to_its_registration_until_it_has_moved()
    {
        using var service = await _issuing.StartAsync();
        var roll = new RollWatch(service, "spring");
        await _issuing.EnrollGroupAsync(service, _next.Own, offer: "registration");
        using var old = _issuing.Factory.IssueLeaf("dev-1");
        using var staged = _next.IssueLeaf("dev-1");
        Assert.False((await RegisterAsync(old)).TryGetProperty("payload", out _));
        await roll.StartAsync("""{"enrollmentGroupId":"g"}""");
        await roll.WaitForAsync("dev-1", "offered");

        var window = (await RegisterAsync(old)).GetProperty("payload").GetProperty("certificateRenewal");
        Assert.Equal(TimeSpan.FromDays(1), window.GetProperty("notAfter").GetDateTimeOffset() - window.GetProperty("notBefore").GetDateTimeOffset());
        await using (var mqtt = await TlsClient.ConnectAsync(_issuing.Endpoint.TrustBundle, _issuing.Endpoint.MqttPort, old))
        {
            var (topic, body) = await mqtt.RegisterAsync(_issuing.Endpoint.IdScope, "dev-1");
            Assert.True(topic.Contains("/200/", StringComparison.Ordinal), topic);
            Assert.Contains("\"certificateRenewal\":{\"notBefore\":", body, StringComparison.Ordinal);
        }

        Assert.False((await RegisterAsync(staged)).TryGetProperty("payload", out _));
        await roll.WaitForStateAsync("completed");
    }

    [Fact]
    public async Task A_device_on_a_hub_is_told_by_the_method_that_its_enrollment_names()
    {
        using var service = await _issuing.StartAsync();
        var roll = new RollWatch(service, "spring");
        await _issuing.EnrollGroupAsync(service, _next.Own, offer: "method");
        using var leaf = _issuing.Factory.IssueLeaf("dev-1");
        await (await Outages.PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-1", leaf)).DisposeAsync();
        await using var device = await RollingDevice.ConnectAsync(_issuing.Endpoint, "dev-1", leaf);
        await roll.StartAsync("""{"enrollmentGroupId":"g"}""");
        var (topic, payload) = await device.NextAsync("$iothub/methods/POST/rollCertificate/");
        Assert.True(payload.TryGetProperty("certificateRenewal", out _), payload.ToString());
        await device.AnswerAsync(topic, 200);
        await roll.WaitForAsync("dev-1", "offered");
    }

    [Fact]
    public async Task An_enrollment_keeps_the_word_and_refuses_one_that_is_none()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service, _next.Own, offer: "none");
        var group = JsonNode.Parse((await service.AskAsync(HttpMethod.Get, $"/enrollmentGroups/g?{Version}")).Body.GetRawText())!.AsObject();
        Assert.Equal("none", (string?)group["rollOffer"]);
        group["rollOffer"] = "smoke";
        var (status, _, error) = await service.AskAsync(HttpMethod.Put, $"/enrollmentGroups/g?{Version}", group.ToJsonString());
        Assert.Equal(400, status);
        Assert.Contains("desiredProperty, method, registration or none", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        group["rollOffer"] = string.Empty;
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/enrollmentGroups/g?{Version}", group.ToJsonString())).Status);
        Assert.False((await service.AskAsync(HttpMethod.Get, $"/enrollmentGroups/g?{Version}")).Body.TryGetProperty("rollOffer", out _));
    }

    [Fact]
    public void What_a_custom_allocation_says_stays_beside_the_window_and_has_the_last_word()
    {
        Assert.Null(RegistrationResults.WithWindow(null, null));
        var beside = RegistrationResults.WithWindow(new JsonObject { ["room"] = "7" }, Window)!;
        Assert.Equal(("7", "2030-01-01T00:00:00"), ((string?)beside["room"], ((string?)beside["certificateRenewal"]!["notBefore"])![..19]));
        var own = new JsonObject { ["certificateRenewal"] = "by hand" };
        Assert.Same(own, RegistrationResults.WithWindow(own, Window));
    }

    private async Task<JsonElement> RegisterAsync(TestCertificate leaf)
    {
        using var device = new ServiceClient(_issuing.Served, leaf);
        var path = $"/{_issuing.Served.Instance.Document.IdScope}/registrations/dev-1/register?{Version}";
        var (status, _, body) = await device.AskAsync(HttpMethod.Put, path, """{"registrationId":"dev-1"}""");
        Assert.True(status == 202, body.ToString());
        return body.GetProperty("registrationState");
    }
}
