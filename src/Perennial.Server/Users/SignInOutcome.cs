namespace Perennial.Server.Users;

/// <summary>What became of an attempt to sign in.</summary>
internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <param name="Token">What the cookie is to hold.</param>
    public sealed record SignedIn(OneTimeToken Token) : SignInOutcome;

    /// <summary>Name, password or code was wrong; which, is not said.</summary>
    /// <param name="Left">Attempts that are left before the name is locked.</param>
    public sealed record Wrong(int Left) : SignInOutcome;

    public sealed record Locked(DateTimeOffset Until) : SignInOutcome;

    /// <summary>Too many attempts are made at once, whoever makes them.</summary>
    public sealed record Busy(TimeSpan Wait) : SignInOutcome;
}
