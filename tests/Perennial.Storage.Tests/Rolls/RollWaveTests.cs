using Perennial.Rolling.Rolls;

namespace Perennial.Storage.Tests.Rolls;

/// <summary>Waves that have begun, and those to come.</summary>
public sealed class RollWaveTests
{
    private static readonly RollPlan Plan = new() { CanarySize = 1, WaveSize = 4, Growth = 2 };

    [Fact]
    public void Before_the_start_every_wave_is_to_come_and_the_last_takes_what_is_left() =>
        Assert.Equal([(0, 1), (1, 4), (2, 8), (3, 2)], RollWave.Foresee(Plan, [], 0, 15).Select(wave => (wave.Number, (int)wave.Devices)));

    [Fact]
    public void A_wave_that_is_under_way_is_filled_up_before_the_next()
    {
        RollWave[] begun = [new(0, 1, 1, 1), new(1, 3, 3, 2)];

        Assert.Equal([new RollWave(0, 1, 1, 1), new RollWave(1, 4, 3, 2), new RollWave(2, 6, 0, 0)], RollWave.Foresee(Plan, begun, 1, 7));
        Assert.Equal(begun, RollWave.Foresee(Plan, begun, 1, 0));
    }

    [Theory]
    [InlineData("saturday,sunday 22:00-04:00 Europe/Berlin", true)]
    [InlineData("Monday 00:00-00:00 UTC", true)]
    [InlineData("someday 22:00-04:00 Europe/Berlin", false)]
    [InlineData("monday 22:00 Europe/Berlin", false)]
    [InlineData("monday 22-04 Europe/Berlin", false)]
    [InlineData("monday 22:00-04:00 Atlantis/Capital", false)]
    [InlineData("1 22:00-04:00 UTC", false)]
    [InlineData("", false)]
    public void A_maintenance_window_is_read_from_a_line_or_not_at_all(string text, bool isRead)
    {
        Assert.Equal(isRead, MaintenanceWindow.TryParse(text, out var window));
        Assert.Equal(isRead ? text.Replace("Monday", "monday", StringComparison.Ordinal) : null, window?.Text);
    }
}
