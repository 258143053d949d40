using Perennial.Server.Sandbox;
using Perennial.Server.Sandbox.Display;
using Perennial.Server.Sandbox.Story;

namespace Perennial.Sandbox.Tests;

public sealed class SummaryTests
{
    private static readonly SandboxSummary Sound = new()
    {
        Devices = 2,
        Registrations = 2,
        Sent = 10,
        Received = 10,
        Lost = 0,
        Duplicated = 1,
        Foreign = 0,
        Disconnected = 0,
        NotRetired = 0,
        RetiredButTaken = 0,
        UnprovenIsRefused = true,
        LongestGaps = [TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(41)],
        Refusals = [KeyValuePair.Create("hub: unauthorized", 3)],
    };

    private static readonly Dictionary<string, SandboxSummary> Unsound = new(StringComparer.Ordinal)
    {
        ["lost"] = Sound with { Lost = 1 },
        ["foreign"] = Sound with { Foreign = 1 },
        ["one registration too few"] = Sound with { Registrations = 1 },
        ["one registration too many"] = Sound with { Registrations = 3 },
        ["disconnected"] = Sound with { Disconnected = 1 },
        ["not retired"] = Sound with { NotRetired = 1 },
        ["retired and taken"] = Sound with { RetiredButTaken = 1 },
        ["retired without proof"] = Sound with { UnprovenIsRefused = false },
    };

    public static TheoryData<string> Promises => [.. Unsound.Keys];

    [Fact]
    public void Duplicates_and_refusals_break_no_promise() => Assert.Empty(Sound.Faults());

    [Theory]
    [MemberData(nameof(Promises))]
    public void Each_broken_promise_is_told(string promise)
    {
        var fault = Assert.Single(Unsound[promise].Faults());
        Assert.Contains(fault, SummaryText.Of(Unsound[promise]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_counts_refusals_by_reason() =>
        Assert.Contains("3  hub: unauthorized", SummaryText.Of(Sound), StringComparison.Ordinal);

    [Fact]
    public void The_same_seed_gives_the_same_order()
    {
        int[] items = [.. Enumerable.Range(0, 50)];
        Assert.Equal(new SeededOrder(7).Shuffle(items), new SeededOrder(7).Shuffle(items));
        Assert.NotEqual(new SeededOrder(8).Shuffle(items), new SeededOrder(7).Shuffle(items));
    }
}
