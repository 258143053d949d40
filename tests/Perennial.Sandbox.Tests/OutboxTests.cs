using CsCheck;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Sandbox.Tests;

public sealed class OutboxTests
{
    [Fact]
    public void What_is_not_acknowledged_is_kept_in_order() =>
        Gen.Bool.Array[0, 100].Sample(steps =>
        {
            var outbox = new Outbox("a");
            var kept = new List<long>();
            foreach (var adds in steps)
            {
                if (adds)
                {
                    kept.Add(outbox.Add().Number);
                }
                else if (kept.Count > 0)
                {
                    outbox.Acknowledge(outbox.Unacknowledged()[^1].PacketId);
                    kept.RemoveAt(kept.Count - 1);
                }
            }

            return outbox.Unacknowledged().Select(message => message.Number).SequenceEqual(kept)
                && outbox.Sent - outbox.Acknowledged == kept.Count
                && outbox.WhenEmptyAsync().IsCompleted == (kept.Count == 0);
        });

    [Fact]
    public void An_acknowledgement_of_nothing_is_ignored()
    {
        var outbox = new Outbox("a");
        outbox.Acknowledge(7);
        Assert.Equal(0, outbox.Acknowledged);
    }

    [Fact]
    public void A_message_sent_again_says_so()
    {
        var message = new Outbox("a").Add();
        Assert.False(message.NextPacket().Dup);
        Assert.True(message.NextPacket().Dup);
    }

    [Fact]
    public async Task It_is_empty_once_the_last_message_is_acknowledged()
    {
        var outbox = new Outbox("a");
        var message = outbox.Add();
        var empty = outbox.WhenEmptyAsync();
        Assert.False(empty.IsCompleted);
        outbox.Acknowledge(message.PacketId);
        await empty;
    }
}
