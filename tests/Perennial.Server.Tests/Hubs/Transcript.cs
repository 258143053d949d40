using System.Globalization;
using System.Text;
using System.Text.Json;
using Perennial.Hub.Devicebound;

namespace Perennial.Server.Tests.Hubs;

/// <summary>
/// Plays a transcript. A line <c>-&gt;</c> holds bytes that the device sends, <c>&lt;-</c> bytes that the server must send next,
/// <c>&lt;~ topic text</c> a publish by its topic and a part of its body, <c>==</c> a step beside the connection. Other lines are for readers.
/// </summary>
internal sealed class Transcript(TestHub hub)
{
    private readonly List<Conversation> _connections = [];
    private int _timersBefore;

    private Conversation Current => _connections[^1];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task PlayAsync(IReadOnlyList<string> lines)
    {
        Connect();
        for (var i = 0; i < lines.Count; i++)
        {
            var start = i;
            while (i + 1 < lines.Count && lines[i + 1].StartsWith("   ", StringComparison.Ordinal) && !lines[i + 1].TrimStart().StartsWith('#'))
            {
                i++;
            }

            try
            {
                await StepAsync(lines[start][..Math.Min(2, lines[start].Length)], string.Join(' ', lines.Skip(start).Take(i - start + 1).Select(line => line[Math.Min(3, line.Length)..])));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Line {start + 1}: {exception.Message}", exception);
            }
        }

        _connections.ForEach(connection => connection.Break());
        foreach (var connection in _connections)
        {
            Assert.Empty(Convert.ToHexString(await connection.RestAsync()));
        }
    }

    private async Task StepAsync(string kind, string rest)
    {
        switch (kind)
        {
            case "->":
                await Current.SendAsync(Bytes(rest));
                break;
            case "<-":
                var expected = Bytes(rest);
                Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(await Current.ReceiveAsync(expected.Length)));
                break;
            case "<~":
                var packet = Encoding.UTF8.GetString(await Current.ReceivePacketAsync());
                Assert.All(rest.Split(' ', 2), part => Assert.Contains(part, packet, StringComparison.Ordinal));
                break;
            case "==":
                await DoAsync(rest.Split(' ', 2)[0], rest.Contains(' ', StringComparison.Ordinal) ? rest.Split(' ', 2)[1] : "");
                break;
            default:
                break;
        }
    }

    private async Task DoAsync(string step, string rest)
    {
        switch (step)
        {
            case "advance":
                await hub.Time.SetAsync(_timersBefore + 1, Stop);
                hub.Time.Advance(TimeSpan.Parse(rest, CultureInfo.InvariantCulture));
                break;
            case "break":
                Current.Break();
                await Current.Ended.WaitAsync(Stop);
                break;
            case "reconnect":
                Current.Break();
                await Current.Ended.WaitAsync(Stop);
                Connect();
                break;
            case "connect-beside":
                Connect();
                break;
            case "closed":
                Assert.Empty(await Current.RestAsync());
                break;
            case "closed-first":
                Assert.Empty(await _connections[0].RestAsync());
                break;
            case "disable":
                await hub.DisableAsync();
                break;
            case "desired":
                await hub.Hub.UpdateTwin.MergeAsync(TestHub.Id("dev1"), null, JsonElement.Parse(rest), null, Stop);
                break;
            case "to-device":
                Assert.Equal(SendOutcome.Stored, await hub.SendAsync(rest.Split(' ', 2)[1], rest.Split(' ', 2)[0]));
                break;
            case "waiting":
                await WaitingAsync(int.Parse(rest, CultureInfo.InvariantCulture));
                break;
            case "feed":
                await FeedAsync(rest.Split(' ', 2));
                break;
            case "model":
                Assert.Equal(rest, (await hub.Hub.Twins.FindAsync(TestHub.Id("dev1"), Stop))!.ModelId);
                break;
            case "feed-empty":
                Assert.Empty(await hub.Hub.Feed.ReadAsync(1, 1, Stop));
                break;
            default:
                throw new InvalidOperationException($"Unknown step '{step}'.");
        }
    }

    private async Task FeedAsync(string[] sequenceAndText)
    {
        var entry = Assert.Single(await hub.Hub.Feed.ReadAsync(long.Parse(sequenceAndText[0], CultureInfo.InvariantCulture), 1, Stop));
        var message = entry.Message;
        Assert.Equal(
            sequenceAndText[1],
            $"{message.Device} {JsonSerializer.Serialize(message.SystemProperties)} {JsonSerializer.Serialize(message.Properties)} {Encoding.UTF8.GetString(message.Body.Span)}");
        Assert.Equal(new Perennial.Hub.Messages.AuthenticationMethod(message.Device.IsModule ? "module" : "device", "x509", "iothub"), message.Authentication);
    }

    // An acknowledgement has no answer: it has taken effect once the connection that sent it has ended.
    private async Task WaitingAsync(int count)
    {
        Current.Break();
        await Current.Ended.WaitAsync(Stop);
        var counts = await hub.Hub.Devicebound.CountAsync([TestHub.Id("dev1")], Stop);
        Assert.Equal(count, counts.GetValueOrDefault(TestHub.Id("dev1")));
    }

    // Time may move once the newest connection waits for it.
    private void Connect()
    {
        _timersBefore = hub.Time.Count;
        _connections.Add(new Conversation(hub, hub.Leaf));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
