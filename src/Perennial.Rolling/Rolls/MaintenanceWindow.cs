using System.Globalization;

namespace Perennial.Rolling.Rolls;

/// <summary>When devices may be touched, each week, by the clock of a time zone.</summary>
/// <param name="Days">On which days it begins.</param>
/// <param name="From">When it begins.</param>
/// <param name="Until">When it ends; not after <paramref name="From"/> means on the next day.</param>
/// <param name="Zone">The time zone, whose changes of the clock are kept.</param>
public sealed record MaintenanceWindow(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly Until, TimeZoneInfo Zone)
{
    /// <summary>The days, the times and the time zone, as they are typed: <c>saturday,sunday 22:00-04:00 Europe/Berlin</c>.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"{string.Join(',', Days.Select(day => day.ToString().ToLowerInvariant()))} {From:HH':'mm}-{Until:HH':'mm} {Zone.Id}");

    /// <summary>Reads what <see cref="Text"/> writes.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MaintenanceWindow? window)
    {
        window = null;
        if (text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var names, var times, var zoneId] || times.Split('-') is not [var begin, var end])
        {
            return false;
        }

        var days = names.Split(',').Select(name => Enum.GetValues<DayOfWeek>().Cast<DayOfWeek?>().FirstOrDefault(day => string.Equals($"{day}", name, StringComparison.OrdinalIgnoreCase))).ToList();
        if (days.All(day => day is not null) && TryReadTime(begin, out var from) && TryReadTime(end, out var until) && TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var zone))
        {
            window = new MaintenanceWindow([.. days.OfType<DayOfWeek>()], from, until, zone);
        }

        return window is not null;
    }

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

    /// <summary>The next moment at which the window may open or close. It is never later than that change, but for the hour by which clocks are changed.</summary>
    public DateTimeOffset NextChange(DateTimeOffset at)
    {
        var time = TimeZoneInfo.ConvertTime(at, Zone).TimeOfDay;
        var next = new[] { From.ToTimeSpan(), Until.ToTimeSpan(), TimeSpan.FromDays(1) }.Where(bound => bound > time).Min();
        return at + (next - time);
    }

    private static bool TryReadTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
