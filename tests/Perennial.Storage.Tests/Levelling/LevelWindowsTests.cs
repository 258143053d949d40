using CsCheck;
using Perennial.Rolling.Levelling;

namespace Perennial.Storage.Tests.Levelling;

/// <summary>Windows are spread evenly, always the same way, and never past the end of what they are for.</summary>
public sealed class LevelWindowsTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_device_has_the_same_turn_however_often_it_is_asked_and_within_the_span() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 40], Gen.String[0, 20], Gen.Long[0, TimeSpan.FromDays(4000).Ticks]).Sample((device, seed, ticks) =>
        {
            var span = TimeSpan.FromTicks(ticks);
            var turn = LevelWindows.TurnOf(device, seed, span);
            Assert.Equal(turn, LevelWindows.TurnOf(device.ToUpperInvariant(), seed, span));
            Assert.True(turn >= TimeSpan.Zero && (turn < span || span == TimeSpan.Zero), $"{turn} of {span}");
        });

    [Fact]
    public void A_window_of_a_leaf_begins_after_its_share_and_ends_before_its_end_but_for_the_margin() =>
        Gen.Select(Gen.String[1, 20], Gen.Double[0, 1], Gen.Int[1, 4000], Gen.Int[0, 4000]).Sample((device, rollAt, days, marginHours) =>
        {
            var (ends, margin) = (Start.AddDays(days), TimeSpan.FromHours(marginHours));
            var window = LevelWindows.OfLeaf(device, "seed", Start, ends, rollAt, margin);
            var first = Start + ((ends - Start) * rollAt);
            Assert.True(window.Begins >= first && window.Ends >= window.Begins, $"{window}");
            Assert.True(window.Ends <= ends - margin || window.Ends == first, $"{window} for a leaf to {ends} with a margin of {margin}");
        });

    [Fact]
    public void The_leaves_of_a_factory_batch_come_back_evenly_and_not_on_one_day() =>
        Gen.Int[0, 1_000_000].Sample(
            batch =>
            {
                const int Devices = 20_000;
                var ends = Start.AddDays(90);
                var days = Enumerable.Range(0, Devices)
                    .Select(number => LevelWindows.OfLeaf($"batch-{batch}-{number:00000}", "lamps", Start, ends, 2.0 / 3, TimeSpan.FromDays(5)))
                    .CountBy(window => (int)(window.Begins - Start).TotalDays)
                    .Select(day => day.Value)
                    .ToList();

                // 25 days, 800 devices a day on average; a standard deviation is 28.
                Assert.Equal(25, days.Count);
                Assert.True(days.Max() < 1.25 * Devices / 25, $"{days.Max()} on one day of batch {batch}");
            },
            iter: 30);

    [Fact]
    public void Another_seed_gives_the_devices_other_turns()
    {
        var span = TimeSpan.FromDays(10);
        var same = Enumerable.Range(0, 1000).Count(number =>
            Math.Abs((LevelWindows.TurnOf($"d{number}", "one", span) - LevelWindows.TurnOf($"d{number}", "two", span)).TotalHours) < 1);
        Assert.InRange(same, 0, 40);
    }
}
