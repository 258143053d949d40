namespace Perennial.Server.Users;

/// <summary>What became of someone whom the OpenID provider knows.</summary>
internal abstract record ExternalOutcome
{
    private ExternalOutcome()
    {
    }

    /// <param name="Session">What the cookie is to hold.</param>
    public sealed record Admitted(OneTimeToken Session) : ExternalOutcome;

    public sealed record Refused(string Sentence) : ExternalOutcome;
}
