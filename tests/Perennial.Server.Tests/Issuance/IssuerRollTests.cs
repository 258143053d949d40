using System.Text.Json;
using Perennial.Authority.Authorities;
using Perennial.Authority.Issuers;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Outages;
using Perennial.TestCertificates;
using Perennial.X509;

namespace Perennial.Server.Tests.Issuance;

/// <summary>An issuing authority is rolled: trust first, then the new one issues, then devices obtain leaves by it, then the old one is taken out.</summary>
public sealed class IssuerRollTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly IssuingInstance _issuing = new();

    public ValueTask DisposeAsync() => _issuing.DisposeAsync();

    [Fact]
    public async Task An_issuing_authority_is_rolled_as_one_act_and_a_device_moves_by_the_use_of_a_leaf_of_the_new_one()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        var old = await ActiveAsync();
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/enrollmentGroups/direct?{Version}", Group(old))).Status);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var first = await _issuing.ObtainAsync("dev-01", factory);
        await using (var connected = await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", first))
        {
            await connected.WaitForAsync(1);
        }

        const string Plan = """{"issuer":"ours","plan":{"soakSeconds":0}}""";
        Assert.Equal(400, (await service.AskAsync(HttpMethod.Put, $"/rolls/ca?{Version}", Plan)).Status);
        await _issuing.WithAuthorityAsync(parts => parts.CreateAuthority.RunAsync(
            new AuthorityWishes { IssuerName = "ours", Stage = true }, "test", TestContext.Current.CancellationToken));
        Assert.Equal(old.Id, (await ActiveAsync()).Id);
        var (status, _, draft) = await service.AskAsync(HttpMethod.Put, $"/rolls/ca?{Version}", Plan);
        Assert.Equal((200, "issuingCa", 1), (status, draft.GetProperty("kind").GetString(), draft.GetProperty("progress").GetProperty("devices").GetInt32()));
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Post, $"/rolls/ca/start?{Version}", """{"withoutRehearsal":"a test"}""")).Status);

        // Nobody is told before the new one is trusted beside the old one, and issues.
        await WaitAsync(async () => await StateOfAsync(service) == "offered");
        var next = await ActiveAsync();
        Assert.NotEqual(old.Id, next.Id);
        Assert.Equal("primary secondary", await FilledAsync(service));

        using var second = await _issuing.ObtainAsync("dev-01", first);
        Assert.True(second.Certificate.IsSignedBy(next.Certificate!));
        Assert.Equal("offered", await StateOfAsync(service));
        await using var moved = await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", second);
        await moved.WaitForAsync(1);
        await WaitAsync(async () => (await service.AskAsync(HttpMethod.Get, $"/rolls/ca?{Version}")).Body.GetProperty("state").GetString() == "completed");
        Assert.Equal("secondary", await FilledAsync(service));
        await WaitAsync(async () => (await service.AskAsync(HttpMethod.Get, $"/rolls/ca/proof?{Version}")).Status == 200);
        var report = (await service.AskAsync(HttpMethod.Get, $"/rolls/ca/proof?{Version}")).Body.GetProperty("report");
        var proven = Assert.Single(report.GetProperty("devices").EnumerateArray());
        Assert.Equal(
            (first.Certificate.Thumbprint.ToString(), second.Certificate.Thumbprint.ToString(), true),
            (proven.GetProperty("old").GetString(), proven.GetProperty("new").GetString(), proven.GetProperty("moved").GetBoolean()));
        Assert.Equal(1, report.GetProperty("outcome").GetProperty("moved").GetInt32());
        Assert.Equal((1, 1), (report.GetProperty("probe").GetProperty("probed").GetInt32(), report.GetProperty("probe").GetProperty("refused").GetInt32()));
        await moved.WaitForAsync(20);
        Assert.Equal(400, (await service.AskAsync(HttpMethod.Post, $"/rolls/ca/rollBack?{Version}")).Status);
    }

    [Fact]
    public async Task A_roll_of_an_issuing_authority_is_rehearsed_and_starts_without_a_reason_when_nothing_blocks_it()
    {
        using var service = await _issuing.StartAsync();
        await _issuing.EnrollGroupAsync(service);
        var old = await ActiveAsync();
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/enrollmentGroups/direct?{Version}", Group(old))).Status);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var leaf = await _issuing.ObtainAsync("dev-01", factory);
        await using var connected = await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", leaf);
        await connected.WaitForAsync(1);
        await _issuing.WithAuthorityAsync(parts => parts.CreateAuthority.RunAsync(
            new AuthorityWishes { IssuerName = "ours", Stage = true }, "test", TestContext.Current.CancellationToken));
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/rolls/ca?{Version}", """{"issuer":"ours"}""")).Status);

        // The slot that the new authority needs is filled after the roll was planned.
        using var other = TestAuthority.CreateRoot("Other");
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/enrollmentGroups/direct?{Version}", Group(old, other.Certificate))).Status);
        var blocked = await RehearseAsync(service);
        Assert.Equal("notStaged", Assert.Single(blocked.GetProperty("findings").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Equal(400, (await service.AskAsync(HttpMethod.Post, $"/rolls/ca/start?{Version}")).Status);

        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/enrollmentGroups/direct?{Version}", Group(old))).Status);
        var done = await RehearseAsync(service);
        Assert.False(done.GetProperty("blocks").GetBoolean(), done.ToString());
        Assert.Equal((1, 1, 0), (done.GetProperty("devices").GetInt32(), done.GetProperty("moved").GetInt32(), done.GetProperty("lostDevices").GetInt32()));
        Assert.True(done.GetProperty("completes").GetBoolean());
        Assert.Equal(1, done.GetProperty("peak").GetProperty("issuances").GetInt32());
        Assert.Equal((old.Id, "primary"), ((await ActiveAsync()).Id, await FilledAsync(service)));
        Assert.Equal("rehearsed", (await service.AskAsync(HttpMethod.Get, $"/rolls/ca?{Version}")).Body.GetProperty("state").GetString());
        var (status, _, running) = await service.AskAsync(HttpMethod.Post, $"/rolls/ca/start?{Version}");
        Assert.Equal((200, false), (status, running.TryGetProperty("withoutRehearsal", out _)));
    }

    [Fact]
    public async Task Devices_that_would_be_given_no_leaf_of_the_new_authority_block_its_roll()
    {
        using var service = await _issuing.StartAsync(profile => profile with { AllowsSelfRoll = true });
        await _issuing.EnrollGroupAsync(service);
        using var factory = _issuing.Factory.IssueLeaf("dev-01");
        using var leaf = await _issuing.ObtainAsync("dev-01", factory);
        await using var connected = await PublishingDevice.ConnectAsync(_issuing.Endpoint, "dev-01", leaf);
        await connected.WaitForAsync(1);
        await _issuing.WithAuthorityAsync(parts => parts.CreateAuthority.RunAsync(
            new AuthorityWishes { IssuerName = "ours", Stage = true }, "test", TestContext.Current.CancellationToken));
        Assert.Equal(200, (await service.AskAsync(HttpMethod.Put, $"/rolls/ca?{Version}", """{"issuer":"ours"}""")).Status);
        await _issuing.EnrollGroupAsync(service, policy: null);
        var without = await RehearseAsync(service);
        Assert.Contains("'g' names no certificate profile", Sentence(without, "noIssuer"), StringComparison.Ordinal);

        // Another issuer's leaves do not count as new.
        await _issuing.WithAuthorityAsync(async parts =>
        {
            await parts.CreateAuthority.RunAsync(new AuthorityWishes { IssuerName = "theirs" }, "test", TestContext.Current.CancellationToken);
            await parts.Profiles.SaveAsync(new CertificateProfile { Name = "others", IssuerName = "theirs" }, "test", TestContext.Current.CancellationToken);
        });
        await _issuing.EnrollGroupAsync(service, policy: "others");
        Assert.Contains("'ours'", Sentence(await RehearseAsync(service), "wrongAuthority"), StringComparison.Ordinal);

        // A device whose enrollment holds both its leaves has no place for a third.
        using var staged = _issuing.Factory.IssueLeaf("dev-01");
        await IssuingInstance.EnrollAsync(service, "dev-01", JsonSerializer.Serialize(new
        {
            type = "x509",
            x509 = new { clientCertificates = new { primary = new { certificate = leaf.CertificatePem }, secondary = new { certificate = staged.CertificatePem } } },
        }));
        Assert.Contains("3104", Sentence(await RehearseAsync(service), "noIssuer"), StringComparison.Ordinal);
    }

    private static string? Sentence(JsonElement rehearsal, string kind) =>
        rehearsal.GetProperty("findings").EnumerateArray().FirstOrDefault(finding => finding.GetProperty("kind").GetString() == kind) is { ValueKind: JsonValueKind.Object } found
            ? found.GetProperty("sentence").GetString()
            : rehearsal.ToString();

    private static async Task<JsonElement> RehearseAsync(ServiceClient service)
    {
        Assert.Equal(202, (await service.AskAsync(HttpMethod.Post, $"/rolls/ca/rehearse?{Version}", "{}")).Status);
        var rehearsal = default(JsonElement);
        await WaitAsync(async () =>
        {
            rehearsal = (await service.AskAsync(HttpMethod.Get, $"/rolls/ca/rehearsal?{Version}")).Body;
            return rehearsal.GetProperty("state").GetString() != "running";
        });
        Assert.True(rehearsal.GetProperty("state").GetString() == "done", rehearsal.ToString());
        return rehearsal;
    }

    private async Task<IssuerSlot> ActiveAsync()
    {
        IssuerSlot? active = null;
        await _issuing.WithAuthorityAsync(async parts => active = await parts.Issuers.FindActiveAsync("ours", TestContext.Current.CancellationToken));
        return active!;
    }

    private static string Group(IssuerSlot signer, Certificate? other = null) => JsonSerializer.Serialize(new
    {
        enrollmentGroupId = "direct",
        attestation = new
        {
            type = "x509",
            x509 = new
            {
                signingCertificates = new
                {
                    primary = new { certificate = Convert.ToBase64String(signer.Certificate!.Der.Span) },
                    secondary = other is null ? null : new { certificate = Convert.ToBase64String(other.Der.Span) },
                },
            },
        },
        credentialPolicyName = IssuingInstance.Policy,
    });

    private static async Task<string?> StateOfAsync(ServiceClient service) =>
        Assert.Single((await service.AskAsync(HttpMethod.Get, $"/rolls/ca/devices?{Version}")).Body.EnumerateArray()).GetProperty("state").GetString();

    private static async Task<string> FilledAsync(ServiceClient service)
    {
        var slots = (await service.AskAsync(HttpMethod.Get, $"/enrollmentGroups/direct?{Version}")).Body
            .GetProperty("attestation").GetProperty("x509").GetProperty("signingCertificates");
        return string.Join(' ', new[] { "primary", "secondary" }.Where(slot => slots.TryGetProperty(slot, out var held) && held.ValueKind == JsonValueKind.Object));
    }

    private static async Task WaitAsync(Func<Task<bool>> isSo)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }
}
