using System.Globalization;
using System.Text.Json;
using MQTTnet.Protocol;
using Perennial.Provisioning.Blocks;
using Perennial.Server.Tests.Est;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Issuance;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Breach;

/// <summary>Drained devices that come by EST, and what of a group can be drained.</summary>
public sealed class DrainByEstTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private readonly IssuingInstance _issuing = new();
    private readonly EstShell _shell;

    public DrainByEstTests() => _shell = new EstShell(_issuing);

    private string Factory => PathOf(_issuing.Factory);

    public async ValueTask DisposeAsync()
    {
        _shell.Dispose();
        await _issuing.DisposeAsync();
    }

    [Fact]
    public async Task A_drained_device_reenrolls_and_does_nothing_else_until_it_has_its_new_certificate()
    {
        using var service = await StartAsync();
        using var old = _issuing.Factory.IssueLeaf("dev-01");
        _shell.WriteIdentity("old", old);
        await RegisterAsync("dev-01", old, 202);
        await Draining.BeginAsync(service, Factory);
        Assert.Equal(401016, await RegisterAsync("dev-01", old, 401));
        using (var device = new ServiceClient(_issuing.Served, old))
        {
            Assert.Equal(401, (await device.AskAsync(HttpMethod.Post, $"/devices/dev-01/messages/events?{Version}", "{}")).Status);
        }

        await _shell.EnrollAsync("next", $"--cert old.pem --key old.key {_shell.Base}/lamps/simplereenroll");
        using var next = await _shell.ReadAsync("next");
        await RegisterAsync("dev-01", next, 202);
        Assert.Equal(MqttConnectReturnCode.ConnectionAccepted, await PublishingDevice.TryAsync(_issuing.Endpoint, "dev-01", next));

        // What the thief holds is worth no more than before.
        Assert.Equal(401016, await RegisterAsync("dev-01", old, 401));
        await AssertProgressAsync(service, Factory, devices: 1, admitted: 1);
    }

    [Fact]
    public async Task Devices_that_reenroll_have_their_turns_by_risk_and_rate_and_leaves_that_were_never_seen_have_none()
    {
        using var service = await StartAsync();
        foreach (var (id, days) in new[] { ("dev-01", 20), ("dev-02", 300), ("dev-03", 90) })
        {
            using var leaf = _issuing.Factory.IssueLeaf(id, new TestCertificateOptions { NotAfter = TimeProvider.System.GetUtcNow().AddDays(days) });
            _shell.WriteIdentity(id, leaf);
            await RegisterAsync(id, leaf, 202);
        }

        await Draining.BeginAsync(service, Factory, """{"reason":"stolen","mode":"drain","ratePerMinute":1,"order":"longestValid","first":["dev-03"]}""");
        var (shortest, longest) = (await WaitAsync("dev-01"), await WaitAsync("dev-02"));
        Assert.True(shortest > longest, $"{shortest} {longest}");

        await _shell.EnrollAsync("dev-03-next", $"--cert dev-03.pem --key dev-03.key {_shell.Base}/simplereenroll", "dev-03");
        using var minted = _issuing.Factory.IssueLeaf("dev-03");
        _shell.WriteIdentity("minted", minted);
        await _shell.RunAsync(EstShell.RequestScript("thief", "dev-03"));
        Assert.Equal("400", await ReenrollAsync("minted", "thief"));
        Assert.Contains($"({DrainRefusals.NotSeenBefore.Number})", await _shell.RunAsync("cat body"), StringComparison.Ordinal);
        await AssertProgressAsync(service, Factory, devices: 3, admitted: 1);
    }

    [Fact]
    public async Task Of_a_group_only_those_are_drained_who_came_below_the_drained_intermediate()
    {
        using var stolen = _issuing.Factory.CreateIntermediate("Line 4");
        using var clean = _issuing.Factory.CreateIntermediate("Line 5");
        using var service = await StartAsync();
        using var drained = stolen.IssueLeaf("dev-01");
        using var beside = clean.IssueLeaf("dev-02");
        await RegisterAsync("dev-01", drained, 202, stolen);
        await RegisterAsync("dev-02", beside, 202, clean);
        _shell.WriteIdentity("dev-01", drained, stolen);
        var path = PathOf(stolen);
        await Draining.BeginAsync(service, path, JsonSerializer.Serialize(new { reason = "stolen", mode = "drain", certificate = stolen.Own.CertificatePem }));

        Assert.Equal(401016, await RegisterAsync("dev-01", drained, 401, stolen));
        await RegisterAsync("dev-02", beside, 202, clean);
        await _shell.EnrollAsync("next", $"--cert dev-01.pem --key dev-01.key {_shell.Base}/simplereenroll");
        using var next = await _shell.ReadAsync("next");
        await RegisterAsync("dev-01", next, 202);
        await AssertProgressAsync(service, path, devices: 1, admitted: 1);
    }

    [Fact]
    public async Task A_whole_group_is_cut_and_not_drained_for_its_devices_next_certificates_would_be_its_own()
    {
        using var service = await StartAsync();
        using var leaf = _issuing.Factory.IssueLeaf("dev-01");
        _shell.WriteIdentity("dev-01", leaf);
        await RegisterAsync("dev-01", leaf, 202);
        foreach (var path in new[] { "group/g", "device/dev-01" })
        {
            var (status, _, body) = await service.AskAsync(HttpMethod.Put, $"/blocks/{path}?{Version}", Draining.Usual);
            Assert.Equal(400, status);
            Assert.Contains("cut it, or drain the certificate or its issuer", body.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        await RegisterAsync("dev-01", leaf, 202);
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/blocks/group/g?{Version}", """{"reason":"stolen"}""")).Status);
        await _shell.RunAsync(EstShell.RequestScript("next", "dev-01"));
        Assert.Equal("401", await ReenrollAsync("dev-01", "next"));
        using var device = new ServiceClient(_issuing.Served, leaf);
        Assert.Equal(401, (await _issuing.RegisterAsync(device, "dev-01", TestSigningRequest.Make("dev-01").ToBase64())).Status);
    }

    [Fact]
    public async Task Nothing_is_reenrolled_by_an_authority_that_is_drained_itself()
    {
        using var service = await StartAsync();
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var issued = await _issuing.ObtainAsync("dev-01", factory);
        _shell.WriteIdentity("issued", issued);
        await RegisterAsync("dev-01", issued, 202);
        await _issuing.WithAuthorityAsync(async parts =>
        {
            var slot = await parts.Issuers.FindActiveAsync("ours", TestContext.Current.CancellationToken);
            await Draining.BeginAsync(service, $"/blocks/issuer/{slot!.Certificate!.Thumbprint}?{Version}");
        });
        await _shell.RunAsync(EstShell.RequestScript("next", "dev-01"));
        Assert.Equal("400", await ReenrollAsync("issued", "next"));
        Assert.Contains($"({DrainRefusals.IssuerBlocked.Number})", await _shell.RunAsync("cat body"), StringComparison.Ordinal);
    }

    // The seconds for which a device is sent away.
    private async Task<int> WaitAsync(string id)
    {
        await _shell.RunAsync(EstShell.RequestScript($"{id}-next", id));
        Assert.Equal("429", await ReenrollAsync(id, $"{id}-next"));
        return int.Parse(await _shell.RunAsync("tr -d '\\r' < head | sed -n 's/^[Rr]etry-[Aa]fter: //p'"), CultureInfo.InvariantCulture);
    }

    private static string PathOf(TestAuthority authority) => $"/blocks/issuer/{authority.Certificate.Thumbprint}?{Version}";

    private async Task<ServiceClient> StartAsync()
    {
        var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        return service;
    }

    private Task<string> ReenrollAsync(string identity, string request) =>
        _shell.StatusAsync($"--cert {identity}.pem --key {identity}.key -H 'Content-Type: application/pkcs10' --data-binary @{request}.csr {_shell.Base}/simplereenroll");

    // The error code of the answer; 0 when it is none.
    private async Task<int> RegisterAsync(string id, TestCertificate leaf, int status, params IReadOnlyList<TestAuthority> issuers)
    {
        using var device = new ServiceClient(_issuing.Served, leaf, issuers: issuers);
        var (answered, _, body) = await device.AskAsync(
            HttpMethod.Put, $"/{_issuing.Served.Instance.Document.IdScope}/registrations/{id}/register?{Version}", JsonSerializer.Serialize(new { registrationId = id }));
        Assert.True(answered == status, $"{answered} {body.GetRawText()}");
        return body.TryGetProperty("errorCode", out var code) && code.ValueKind == JsonValueKind.Number ? code.GetInt32() : 0;
    }

    private static async Task AssertProgressAsync(ServiceClient service, string path, int devices, int admitted)
    {
        var progress = (await service.AskAsync(HttpMethod.Get, path)).Body;
        Assert.Equal((devices, admitted), (progress.GetProperty("devices").GetInt32(), progress.GetProperty("admitted").GetInt32()));
    }
}
