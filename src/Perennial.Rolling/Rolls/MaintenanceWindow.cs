namespace Perennial.Rolling.Rolls;

/// <summary>When devices may be touched, each week, by the clock of a time zone.</summary>
/// <param name="Days">On which days it begins.</param>
/// <param name="From">When it begins.</param>
/// <param name="Until">When it ends; not after <paramref name="From"/> means on the next day.</param>
/// <param name="Zone">The time zone, whose changes of the clock are kept.</param>
public sealed record MaintenanceWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    public bool IsOpen(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Zone);
        var (day, time) = (local.DayOfWeek, TimeOnly.FromTimeSpan(local.TimeOfDay));
        if (From < Until)
        {
            return Days.Contains(day) && time >= From && time < Until;
        }

        // It goes on past midnight, into the day after the one it began on.
        var yesterday = (DayOfWeek)(((int)day + 6) % 7);
        return (Days.Contains(day) && time >= From) || (Days.Contains(yesterday) && time < Until);
    }
}
