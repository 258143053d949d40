using System.Globalization;
using System.Text;
using CsCheck;
using Perennial.Protocol.Hub;
using Perennial.Server.Sandbox.Story;

namespace Perennial.Sandbox.Tests;

public sealed class TelemetryLedgerTests
{
    [Fact]
    public void What_was_received_in_any_order_and_number_of_times_is_counted_once() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[1, 20].Array[0, 60]).Sample((sent, lines) =>
        {
            var ledger = new TelemetryLedger([KeyValuePair.Create("a", (long)sent)]);
            Array.ForEach(lines, number => ledger.Receive(Line("a", number.ToString(CultureInfo.InvariantCulture))));
            var own = lines.Where(number => number <= sent).ToList();
            return ledger.Sent == sent
                && ledger.Received == own.Distinct().Count()
                && ledger.Lost == sent - own.Distinct().Count()
                && ledger.Duplicated == own.Count - own.Distinct().Count()
                && ledger.Foreign == lines.Length - own.Count;
        });

    [Theory]
    [InlineData("b", "1")]
    [InlineData("a", "0")]
    [InlineData("a", "3")]
    [InlineData("a", "1x")]
    [InlineData("a", "")]
    public void What_nobody_sent_is_foreign(string device, string body)
    {
        var ledger = new TelemetryLedger([KeyValuePair.Create("a", 2L)]);
        ledger.Receive(Line(device, body));
        Assert.Equal((1, 2), (ledger.Foreign, ledger.Lost));
    }

    private static TelemetryFeedLine Line(string device, string body) => new()
    {
        Sequence = 1,
        DeviceId = device,
        EnqueuedTime = DateTimeOffset.UnixEpoch,
        Properties = new() { System = new Dictionary<string, string?>(), Application = new Dictionary<string, string?>() },
        Body = Encoding.ASCII.GetBytes(body),
    };
}
