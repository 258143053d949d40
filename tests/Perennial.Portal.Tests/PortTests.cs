using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Perennial.Server.Connections;
using Perennial.Server.Users;
using Perennial.X509;

namespace Perennial.Portal.Tests;

/// <summary>What is answered on which port, and what is counted for the overview.</summary>
public sealed class PortTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_portal_is_on_its_port_alone_and_nothing_else_is_there()
    {
        await using var portal = await ServedPortal.StartAsync();
        var session = await portal.EnterAsync("alice", UserRole.Administrator);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPemFile(portal.Instance.TrustBundle);
        using var https = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } })
        {
            BaseAddress = new Uri($"https://localhost:{portal.Instance.Document.Ports.Https}"),
        };
        https.DefaultRequestHeaders.Add("Cookie", $"perennial-session={session}");
        foreach (var path in new[] { "/", "/enrollments/individual/lamp-1", "/sign-in", "/sign-in/provider", "/overview/live", "/healthz/live" })
        {
            using var answer = await https.GetAsync(new Uri(path, UriKind.Relative), Stop);
            Assert.False(answer.IsSuccessStatusCode, path);
            Assert.NotEqual("text/html", answer.Content.Headers.ContentType?.MediaType);
        }

        using var plain = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = portal.Address };
        plain.DefaultRequestHeaders.Add("Cookie", $"perennial-session={session}");
        foreach (var path in new[] { "/devices/lamp-1?api-version=2021-04-12", "/enrollments/lamp-1?api-version=2021-10-01", "/.well-known/est/cacerts" })
        {
            using var answer = await plain.GetAsync(new Uri(path, UriKind.Relative), Stop);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public void Refusals_are_counted_for_an_hour_the_most_frequent_first()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 30, TimeSpan.Zero));
        var recent = new RecentRefusals(time);
        recent.Note(CertificateRefusals.NoCertificate);
        time.Advance(TimeSpan.FromMinutes(30));
        recent.Note(CertificateRefusals.Malformed);
        recent.Note(CertificateRefusals.Malformed);
        Assert.Equal([(CertificateRefusals.Malformed, 2L), (CertificateRefusals.NoCertificate, 1L)], recent.LastHour().Select(refusal => (refusal.Key, refusal.Value)));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal([(CertificateRefusals.Malformed, 2L)], recent.LastHour().Select(refusal => (refusal.Key, refusal.Value)));
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Empty(recent.LastHour());
    }
}
