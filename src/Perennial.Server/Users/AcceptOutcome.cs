namespace Perennial.Server.Users;

/// <summary>What became of an invitation that someone would accept.</summary>
internal abstract record AcceptOutcome
{
    private AcceptOutcome()
    {
    }

    /// <param name="Session">What the cookie is to hold.</param>
    public sealed record Accepted(OneTimeToken Session) : AcceptOutcome;

    public sealed record Invalid(string Sentence) : AcceptOutcome;

    /// <summary>There is no such invitation, or none any more.</summary>
    public sealed record Gone : AcceptOutcome;
}
