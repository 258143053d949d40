using System.Globalization;
using System.Text.Json;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Perennial.Server.Tests.Instances;
using Perennial.Server.Tests.Tls;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.Http;

/// <summary>After the answer to a pause or an abort no device is touched any more, and no roll waits for the devices of another.</summary>
public sealed class RollHaltTests : IAsyncDisposable
{
    private const string Version = "api-version=2021-10-01";
    private const int Devices = 150;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ServedInstance _instance = ServedInstance.Open(TimeProvider.System);
    private readonly List<TestAuthority> _authorities = [];

    public async ValueTask DisposeAsync()
    {
        await _instance.DisposeAsync();
        _authorities.ForEach(authority => authority.Dispose());
    }

    [Theory]
    [InlineData("abort")]
    [InlineData("pause")]
    public async Task No_device_is_touched_after_the_answer_though_another_rolls_device_keeps_silent(string act)
    {
        await _instance.StartAsync();
        using var client = new ServiceClient(_instance);
        var (wide, silent, clock) = (await EnrollAsync(client, "wide"), await EnrollAsync(client, "silent"), await EnrollAsync(client, "clock"));
        await RegisterAsync(wide, [.. Enumerable.Range(0, Devices).Select(number => string.Create(CultureInfo.InvariantCulture, $"wide-{number:000}"))]);
        await RegisterAsync(silent, "silent-1", "silent-2");
        await RegisterAsync(clock, "clock-1", "clock-2");

        await using var device = await ConnectAsync(silent, "silent-1");
        await StartAsync(client, "silent", """{"canary":["silent-1"],"offer":"method","soakSeconds":0}""");
        var call = Assert.IsType<MqttPublishPacket>(await device.Channel.ReceiveAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("$iothub/methods/POST/rollCertificate/", call.Topic, StringComparison.Ordinal);

        // The call of that roll is not answered, and the others go on all the same. A step offers 50 devices of the 150 at most.
        await StartAsync(client, "wide", """{"canarySize":150,"ratePerMinute":1000,"soakSeconds":0}""");
        await WaitAsync(async () => (await OfferedAsync(client, "wide")).Count > 0);
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Post, $"/rolls/wide/{act}?{Version}")).Status);
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Post, $"/rolls/silent/{act}?{Version}")).Status);
        var answered = TimeProvider.System.GetUtcNow();

        // Another roll offers its second device no sooner than 2 s after its first one, so by then those steps would have been.
        await StartAsync(client, "clock", """{"canary":["clock-1"],"soakSeconds":2}""");
        await WaitAsync(async () => (await OfferedAsync(client, "clock")).Count == 1);
        await client.AskAsync(HttpMethod.Post, $"/rolls/clock/devices/clock-1/waive?{Version}", """{"reason":"it is a clock"}""");
        await WaitAsync(async () => (await OfferedAsync(client, "clock")).Count == 2);

        var offered = await OfferedAsync(client, "wide");
        Assert.InRange(offered.Count, 1, Devices - 1);
        Assert.All(offered, at => Assert.True(at <= answered + Limit, $"A device was touched at {at:O}, {at - answered} after the answer."));
        Assert.DoesNotContain(await OfferedAsync(client, "silent"), at => at > answered);
    }

    private async Task<TestAuthority> EnrollAsync(ServiceClient client, string group)
    {
        var (old, next) = (TestAuthority.CreateRoot($"{group} old"), TestAuthority.CreateRoot($"{group} new"));
        _authorities.AddRange([old, next]);
        var body = JsonSerializer.Serialize(new
        {
            enrollmentGroupId = group,
            attestation = new
            {
                type = "x509",
                x509 = new
                {
                    signingCertificates = new { primary = new { certificate = old.Own.CertificatePem }, secondary = new { certificate = next.Own.CertificatePem } },
                },
            },
        });
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/enrollmentGroups/{group}?{Version}", body)).Status);
        return old;
    }

    private Task RegisterAsync(TestAuthority signer, params string[] devices) =>
        Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (device, _) =>
        {
            using var leaf = signer.IssueLeaf(device);
            using var client = new ServiceClient(_instance, leaf);
            var path = $"/{_instance.Instance.Document.IdScope}/registrations/{device}/register?{Version}";
            Assert.InRange((await client.AskAsync(HttpMethod.Put, path, $$"""{"registrationId":"{{device}}"}""")).Status, 200, 202);
        });

    /// <summary>A device that takes methods and answers none.</summary>
    private async Task<TlsClient> ConnectAsync(TestAuthority signer, string device)
    {
        using var leaf = signer.IssueLeaf(device);
        var client = await TlsClient.ConnectAsync(_instance.Instance.TrustBundle, _instance.Ports.Mqtt, leaf);
        var connect = new MqttConnectPacket { ClientId = device, Username = $"localhost/{device}/?api-version=2021-04-12", KeepAlivePeriod = 600, CleanSession = true };
        await client.Channel.SendAsync(connect, TestContext.Current.CancellationToken);
        Assert.Equal(
            MqttConnectReturnCode.ConnectionAccepted,
            Assert.IsType<MqttConnAckPacket>(await client.Channel.ReceiveAsync(TestContext.Current.CancellationToken)).ReturnCode);
        await client.Channel.SendAsync(
            new MqttSubscribePacket { PacketIdentifier = 1, TopicFilters = [new MqttTopicFilter { Topic = "$iothub/methods/POST/#" }] },
            TestContext.Current.CancellationToken);
        Assert.IsType<MqttSubAckPacket>(await client.Channel.ReceiveAsync(TestContext.Current.CancellationToken));
        return client;
    }

    private static async Task StartAsync(ServiceClient client, string group, string plan)
    {
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Put, $"/rolls/{group}?{Version}", $$"""{"enrollmentGroupId":"{{group}}","plan":{{plan}}}""")).Status);
        Assert.Equal(200, (await client.AskAsync(HttpMethod.Post, $"/rolls/{group}/start?{Version}", """{"withoutRehearsal":"a test of the halt"}""")).Status);
    }

    private static async Task<IReadOnlyList<DateTimeOffset>> OfferedAsync(ServiceClient client, string roll)
    {
        var answer = await client.AskAsync(HttpMethod.Get, $"/rolls/{roll}/devices?{Version}", null, ("x-ms-max-item-count", "1000"));
        return
        [
            .. answer.Body.EnumerateArray()
                .Where(device => device.TryGetProperty("offeredUtc", out _))
                .Select(device => device.GetProperty("offeredUtc").GetDateTimeOffset()),
        ];
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
