namespace Perennial.Server.Notices;

/// <summary>The certificates of one kind that end on one day of UTC.</summary>
/// <param name="Kind"><c>enrollment certificate</c>, <c>CA certificate</c> or <c>issuer</c>.</param>
/// <param name="Day">The day.</param>
/// <param name="Count">How many end on it.</param>
/// <param name="Names">Of the first of them, at most <see cref="MaxNames"/>.</param>
internal sealed record ExpiringDay(string Kind, DateOnly Day, long Count, IReadOnlyList<string> Names)
{
    public const int MaxNames = 100;

    // Days before the end, rising.
    private static readonly int[] Notices = [1, 7, 30];

    /// <summary>The farthest day that is told of.</summary>
    public static int Farthest => Notices[^1];

    /// <summary>How many days of notice this is, among 30, 7 and 1; null when the day is farther away.</summary>
    public int? NoticeOn(DateOnly today)
    {
        var left = Day.DayNumber - today.DayNumber;
        return left < 0 ? null : Notices.Where(notice => left <= notice).Select(notice => (int?)notice).FirstOrDefault();
    }
}
