using System.Net.WebSockets;
using Perennial.Server.Tests.Hubs;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.Server.Tests.WebSockets;

public sealed class WebSocketTests
{
    [Theory]
    [InlineData("/$iothub/websocket")]
    [InlineData("/%24iothub/websocket?iothub-no-client-cert=true")]
    [InlineData("/")]
    public async Task Each_path_that_clients_open_speaks_MQTT(string path)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await SocketClient.OpenAsync(instance, leaf: null, path: path);

        await client.SendAsync(Provisioning(instance, "nobody"));

        Assert.StartsWith("HTTP/1.1 101 ", client.Answer, StringComparison.Ordinal);
        Assert.Equal(Packets.Accepted, await client.ReceiveAsync(4));
    }

    [Theory]
    [InlineData("mqtt", "mqtt")]
    [InlineData("MQTT", "MQTT")]
    [InlineData("chat, Mqtt, mqttv3.1", "Mqtt")]
    public async Task The_sub_protocol_is_matched_without_case_and_answered_as_the_client_spells_it(string asked, string answered)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await SocketClient.OpenAsync(instance, leaf: null, asked);

        Assert.Contains($"\r\nSec-WebSocket-Protocol: {answered}\r\n", client.Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat", "/")]
    [InlineData("mqtt", "/websocket")]
    public async Task Another_sub_protocol_or_path_is_not_upgraded(string protocol, string path)
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await SocketClient.OpenAsync(instance, leaf: null, protocol, path);

        Assert.Matches("^HTTP/1.1 40[04] ", client.Answer);
    }

    [Fact]
    public async Task Compression_that_a_client_offers_is_declined()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await SocketClient.OpenAsync(
            instance, leaf: null, more: "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");

        Assert.StartsWith("HTTP/1.1 101 ", client.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", client.Answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_packet_may_span_frames_and_a_frame_may_hold_several_packets()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await SocketClient.OpenAsync(instance, leaf: null);

        foreach (var piece in Provisioning(instance, "nobody").Chunk(7))
        {
            await client.SendAsync(piece);
        }

        await client.SendAsync(Array.Empty<byte>());
        await client.SendAsync((byte[])[.. Packets.Ping, .. Packets.Ping, Packets.Ping[0]]);
        await client.SendAsync(Packets.Ping.AsMemory(1));

        byte[] expected = [.. Packets.Accepted, .. Packets.Pong, .. Packets.Pong, .. Packets.Pong];
        Assert.Equal(expected, await client.ReceiveAsync(expected.Length));
    }

    [Fact]
    public async Task A_device_registers_by_the_certificate_of_the_TLS_connection_below()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("wrapped");
        await using var instance = ServedInstance.Open(TimeProvider.System);
        await instance.EnrollAsync("wrapped", leaf);
        await instance.StartAsync();
        await using var client = await SocketClient.OpenAsync(instance, leaf);

        var (topic, body) = await client.RegisterAsync(instance.Instance.Document.IdScope, "wrapped");

        Assert.StartsWith("$dps/registrations/res/200/", topic, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"assigned\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_device_is_answered_and_then_closed_in_good_form()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await SocketClient.OpenAsync(instance, leaf: null);

        await client.SendAsync(Packets.Connect("lamp"));

        Assert.Equal(Packets.NotAuthorized, await client.ReceiveAsync(5));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task Text_ends_the_connection()
    {
        await using var instance = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await using var client = await SocketClient.OpenAsync(instance, leaf: null);

        await client.SendAsync("\u0010 and more"u8.ToArray(), WebSocketMessageType.Text);

        Assert.Empty(await client.ReceiveAsync(1));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
    }

    private static byte[] Provisioning(ServedInstance instance, string id) =>
        Packets.Connect(id, userName: $"{instance.Instance.Document.IdScope}/registrations/{id}/api-version=2019-03-31");
}
