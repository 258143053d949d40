namespace Perennial.Server.Notices;

/// <summary>
/// Says when refusals burst: in five minutes at least 100, and five times as many as in an average five minutes of the hour before. It says
/// so once, and again only after the five minutes have held fewer than half of what makes a burst.
/// </summary>
internal sealed class RefusalBurst
{
    /// <summary>The minutes that are looked at.</summary>
    public const int Minutes = 5;

    /// <summary>Minutes before them that they are compared with.</summary>
    public const int Before = 55;

    public const int Least = 100;

    public const int Times = 5;

    private bool _isOn;

    /// <param name="recent">Refusals of the last five minutes.</param>
    /// <param name="before">Refusals of the 55 minutes before.</param>
    /// <returns>Whether a burst begins.</returns>
    public bool Begins(long recent, long before)
    {
        var bound = Math.Max(Least, Times * before * Minutes / Before);
        if (_isOn)
        {
            _isOn = recent >= bound / 2;
            return false;
        }

        _isOn = recent >= bound;
        return _isOn;
    }
}
