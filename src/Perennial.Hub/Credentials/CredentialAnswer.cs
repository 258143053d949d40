using Perennial.X509;

namespace Perennial.Hub.Credentials;

/// <summary>What came of having a certificate issued.</summary>
public abstract record CredentialAnswer
{
    private CredentialAnswer()
    {
    }

    /// <param name="Chain">The leaf first, the root last; at most three.</param>
    public sealed record Issued(IReadOnlyList<Certificate> Chain) : CredentialAnswer;

    /// <summary>The authority decides later; the same request is to be repeated.</summary>
    public sealed record NotDecided(TimeSpan RetryAfter) : CredentialAnswer;

    public sealed record Failed(CredentialFailure Kind, Refusal Refusal, TimeSpan? RetryAfter) : CredentialAnswer;
}
