namespace Perennial.Server.Notices;

/// <summary>Says when there is news of overdue devices: the first ones, half as many more than were told, or more of them a day later.</summary>
internal sealed class OverdueRise
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);

    private long _told;
    private DateTimeOffset _at;

    public bool IsNews(long overdue, DateTimeOffset now)
    {
        if (overdue <= _told)
        {
            _told = overdue == 0 ? 0 : _told;
            return false;
        }

        if (overdue < _told + Math.Max(1, _told / 2) && now - _at < Again)
        {
            return false;
        }

        (_told, _at) = (overdue, now);
        return true;
    }
}
