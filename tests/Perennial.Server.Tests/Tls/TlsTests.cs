using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Tls;

public sealed class TlsTests
{
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_self_signed_leaf_is_taken_by_the_handshake_and_registers(SslProtocols protocols)
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("self-made");
        await using var instance = ServedInstance.Open(TimeProvider.System);
        await instance.EnrollAsync("self-made", leaf);
        await instance.StartAsync();
        await using var client = await TlsClient.ConnectAsync(instance.Instance.TrustBundle, instance.Ports.Mqtt, leaf, protocols);

        var (topic, body) = await client.RegisterAsync(instance.Instance.Document.IdScope, "self-made");

        Assert.Equal(protocols, client.Stream.SslProtocol);
        Assert.StartsWith("$dps/registrations/res/200/", topic, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"assigned\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_without_a_certificate_completes_the_handshake_and_is_told_401()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await TlsClient.ConnectAsync(instance.Instance.TrustBundle, instance.Ports.Mqtt, leaf: null);

        var (topic, _) = await client.RegisterAsync(instance.Instance.Document.IdScope, "nobody");

        Assert.StartsWith("$dps/registrations/res/401/", topic, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expired_leaf_completes_the_handshake_and_is_told_401()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf(
            "old", new TestCertificateOptions { NotAfter = new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await using var instance = ServedInstance.Open(TimeProvider.System);
        await instance.EnrollAsync("old", leaf);
        await instance.StartAsync();
        await using var client = await TlsClient.ConnectAsync(instance.Instance.TrustBundle, instance.Ports.Mqtt, leaf);

        var (topic, _) = await client.RegisterAsync(instance.Instance.Document.IdScope, "old");

        Assert.StartsWith("$dps/registrations/res/401/", topic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task The_intermediates_that_a_device_sends_are_kept(SslProtocols protocols)
    {
        using var root = TestAuthority.CreateRoot();
        using var upper = root.CreateIntermediate("Upper");
        using var lower = upper.CreateIntermediate("Lower");
        using var leaf = lower.IssueLeaf("below");
        await using var instance = ServedInstance.Open(TimeProvider.System);
        await instance.EnrollGroupAsync("fleet", root.Own);
        await instance.StartAsync();
        await using var client = await TlsClient.ConnectAsync(instance.Instance.TrustBundle, instance.Ports.Mqtt, leaf, protocols, lower.Own, upper.Own);

        var (topic, body) = await client.RegisterAsync(instance.Instance.Document.IdScope, "below");

        Assert.StartsWith("$dps/registrations/res/200/", topic, StringComparison.Ordinal);
        Assert.Contains("\"enrollmentGroupId\":\"fleet\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_over_the_bound_is_told_401_and_hurts_nobody()
    {
        using var root = TestAuthority.CreateRoot();
        var authorities = new List<TestAuthority> { root };
        while (authorities.Count < 8)
        {
            authorities.Add(authorities[^1].CreateIntermediate($"Level {authorities.Count}"));
        }

        using var leaf = authorities[^1].IssueLeaf("long");
        await using var instance = ServedInstance.Open(TimeProvider.System);
        await instance.EnrollGroupAsync("fleet", root.Own);
        await instance.StartAsync();
        await using var client = await TlsClient.ConnectAsync(instance.Instance.TrustBundle, instance.Ports.Mqtt, leaf, SslProtocols.Tls13, [.. authorities.Skip(1).Select(authority => authority.Own)]);

        var (topic, _) = await client.RegisterAsync(instance.Instance.Document.IdScope, "long");

        Assert.StartsWith("$dps/registrations/res/401/", topic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task No_session_is_resumed(string version)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        foreach (var port in new[] { instance.Ports.Mqtt, instance.Ports.Https })
        {
            using var client = Process.Start(new ProcessStartInfo("openssl", $"s_client -connect 127.0.0.1:{port} {version} -reconnect")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            client.StandardInput.Close();
            var output = await client.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

            Assert.Contains("New, TLS", output, StringComparison.Ordinal);
            Assert.DoesNotContain("Reused, TLS", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stalled_handshake_and_a_stalled_CONNECT_are_closed_within_fifteen_seconds()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        var stalled = new[] { instance.Ports.Mqtt, instance.Ports.Https }.Select(StallHandshakeAsync).Append(StallConnectAsync(instance));

        var times = await Task.WhenAll(stalled);

        Assert.All(times, time => Assert.InRange(time, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)));
    }

    private static async Task<TimeSpan> StallHandshakeAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(new byte[] { 0x16, 0x03, 0x01 }, TestContext.Current.CancellationToken);
        return await EndOfAsync(client.GetStream());
    }

    private static async Task<TimeSpan> StallConnectAsync(ServedInstance instance)
    {
        await using var client = await TlsClient.ConnectAsync(instance.Instance.TrustBundle, instance.Ports.Mqtt, leaf: null);
        await client.Stream.WriteAsync(new byte[] { 0x10, 0x7F, 0x00 }, TestContext.Current.CancellationToken);
        return await EndOfAsync(client.Stream);
    }

    private static async Task<TimeSpan> EndOfAsync(Stream stream)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            while (await stream.ReadAsync(new byte[64], TestContext.Current.CancellationToken) > 0)
            {
                // Alerts may come before the end.
            }
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }

        return watch.Elapsed;
    }
}
