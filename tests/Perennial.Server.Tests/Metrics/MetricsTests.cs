using System.Net;
using System.Text.RegularExpressions;
using Perennial.Provisioning.Attestation;
using Perennial.Server.Tests.Http;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Issuance;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Metrics;

/// <summary>What a monitoring system reads from a served instance.</summary>
public sealed partial class MetricsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registration_a_refusal_and_an_issue_are_counted_once_each_and_no_device_is_named()
    {
        await using var issuing = new IssuingInstance();
        using var service = await issuing.StartAsync();
        await issuing.EnrollGroupAsync(service);
        using var factory = issuing.Factory.IssueLeaf("dev-0815");
        using var issued = await issuing.ObtainAsync("dev-0815", factory);
        using var stranger = TestAuthority.CreateSelfSignedLeaf("dev-4711");
        using var refused = new ServiceClient(issuing.Served, stranger);
        var (status, _, _) = await issuing.RegisterAsync(refused, "dev-4711", TestSigningRequest.Make("dev-4711").ToBase64());
        Assert.Equal(401, status);

        var scrape = await Scrape.TakeAsync(issuing.Served);
        Assert.Equal(1, scrape.Value("perennial_registrations_total", "result=\"assigned\"", "reason=\"none\""));
        Assert.Equal(1, scrape.Value("perennial_registrations_total", "result=\"refused\""));
        Assert.Equal(2, scrape.Value("perennial_registrations_total"));
        var reason = AttestationRefusals.NotEnrolled;
        Assert.Equal(1, scrape.Value("perennial_registrations_total", $"reason=\"{reason.Name}\""));
        Assert.Equal(1, scrape.Value("perennial_refusals_total", $"number=\"{reason.Number}\"", $"reason=\"{reason.Name}\""));
        Assert.Equal(1, scrape.Value("perennial_refusals_total"));
        Assert.Equal(1, scrape.Value("perennial_issue_duration_seconds_count", "result=\"issued\""));
        Assert.InRange(scrape.Value("perennial_issue_duration_seconds_sum", "result=\"issued\"")!.Value, 0.000001, 60);
        Assert.True(scrape.Value("perennial_connections", "transport=\"https\"") >= 1);
        Assert.Equal(0, scrape.Value("perennial_connections", "transport=\"mqtt\""));
        Assert.DoesNotContain("dev-", scrape.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_that_end_soon_are_counted_by_days()
    {
        await using var served = ServedInstance.Open(TimeProvider.System);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var days in new[] { -1, 3, 20, 60, 200 })
        {
            using var leaf = TestAuthority.CreateSelfSignedLeaf($"dev-{days}", new() { NotAfter = now.AddDays(days) });
            await served.EnrollAsync($"dev-{days}", leaf);
        }

        await served.StartAsync();
        var scrape = await Scrape.UntilAsync(served, scrape => scrape.Value("perennial_certificates_expiring") is not null);
        Assert.Equal([1, 2, 3], new[] { "7d", "30d", "90d" }.Select(within => Expiring(scrape, "enrolled", within)));
        Assert.Equal([0, 0, 0], new[] { "7d", "30d", "90d" }.Select(within => Expiring(scrape, "ca", within)));
        Assert.Equal([0, 0, 0], new[] { "7d", "30d", "90d" }.Select(within => Expiring(scrape, "issued", within)));
    }

    [Fact]
    public async Task Devices_are_counted_by_state()
    {
        await using var served = ServedInstance.Open(TimeProvider.System);
        foreach (var name in new[] { "dev-1", "dev-2" })
        {
            using var leaf = TestAuthority.CreateSelfSignedLeaf(name);
            await served.EnrollAsync(name, leaf);
        }

        await served.StartAsync();
        var scrape = await Scrape.UntilAsync(served, scrape => scrape.Value("perennial_devices") is not null);
        Assert.Equal(2, scrape.Value("perennial_devices", "state=\"never_seen\""));
        Assert.Equal(0, scrape.Value("perennial_devices", "state=\"overdue\""));
    }

    [Fact]
    public async Task Metrics_and_health_answer_on_the_portals_port_alone()
    {
        await using var served = ServedInstance.Open(TimeProvider.System);
        await served.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{served.Ports.Portal}") };
        foreach (var path in new[] { "/metrics", "/healthz/live", "/healthz/ready" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
        }

        using var service = new ServiceClient(served);
        Assert.Equal(404, (await service.AskAsync(HttpMethod.Get, "/metrics")).Status);
    }

    [Fact]
    public async Task Dashboard_and_alert_rules_ask_for_what_is_exported()
    {
        await using var issuing = new IssuingInstance();
        using var service = await issuing.StartAsync();
        await issuing.EnrollGroupAsync(service);
        using var factory = issuing.Factory.IssueLeaf("dev-01");
        using var issued = await issuing.ObtainAsync("dev-01", factory);
        using var stranger = TestAuthority.CreateSelfSignedLeaf("dev-02");
        using var refused = new ServiceClient(issuing.Served, stranger);
        await issuing.RegisterAsync(refused, "dev-02", TestSigningRequest.Make("dev-02").ToBase64());
        var scrape = await Scrape.UntilAsync(issuing.Served, scrape =>
            scrape.Value("perennial_certificates_expiring") is not null && scrape.Value("perennial_devices") is not null);

        foreach (var file in new[] { "grafana-dashboard.json", "prometheus-alerts.yml" })
        {
            var asked = MetricName().Matches(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "monitoring", file), Stop))
                .Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
            Assert.True(asked.Count >= 4, $"{file} asks for {asked.Count} metrics.");
            Assert.Empty(asked.Except(scrape.Names));
        }
    }

    private static double? Expiring(Scrape scrape, string kind, string within) =>
        scrape.Value("perennial_certificates_expiring", $"kind=\"{kind}\"", $"within=\"{within}\"");

    [GeneratedRegex("perennial_[a-z_]+")]
    private static partial Regex MetricName();
}
