namespace Perennial.Server.Users;

/// <summary>Failed attempts to sign in under one name, since the last that succeeded.</summary>
/// <param name="Failures">How many.</param>
/// <param name="LockedUntil">Until then no attempt is looked at.</param>
internal sealed record Attempts(int Failures, DateTimeOffset LockedUntil)
{
    /// <summary>Failures that lock nothing.</summary>
    public const int Free = 4;

    public static readonly TimeSpan FirstLock = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(15);

    /// <summary>Failures as old as this are forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    public static readonly Attempts None = new(0, DateTimeOffset.MinValue);

    public bool IsLockedAt(DateTimeOffset now) => now < LockedUntil;

    /// <summary>One failure more: from the fifth on the name is locked, each time for twice as long.</summary>
    public Attempts Failed(DateTimeOffset now)
    {
        var failures = Failures + 1;
        if (failures <= Free)
        {
            return new Attempts(failures, DateTimeOffset.MinValue);
        }

        var locked = TimeSpan.FromTicks(FirstLock.Ticks << Math.Min(failures - Free - 1, 8));
        return new Attempts(failures, now + (locked < LongestLock ? locked : LongestLock));
    }
}
