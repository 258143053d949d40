using Perennial.Authority.Keys;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>What came of asking for a certificate.</summary>
public abstract record IssuanceOutcome
{
    private IssuanceOutcome()
    {
    }

    /// <summary>The certificate is issued and stored.</summary>
    /// <param name="Chain">It, and those above it.</param>
    public sealed record Issued(IssuedChain Chain) : IssuanceOutcome;

    /// <summary>An authority outside this service has not decided yet; ask again with the same request and idempotency key.</summary>
    /// <param name="OperationId">Names the request that waits.</param>
    /// <param name="RetryAfter">When to ask again.</param>
    public sealed record Pending(string OperationId, TimeSpan RetryAfter) : IssuanceOutcome;

    /// <summary>No certificate is issued for such a request.</summary>
    /// <param name="Refusal">Why not.</param>
    public sealed record Refused(Refusal Refusal) : IssuanceOutcome;

    /// <summary>The issuer cannot sign at this moment; to be told as 503.</summary>
    /// <param name="State">What is the matter with its key.</param>
    /// <param name="Detail">The key and the remedy, for the operator; never sent to a device.</param>
    /// <param name="RetryAfter">When to ask again.</param>
    public sealed record Unavailable(KeyState State, string Detail, TimeSpan RetryAfter) : IssuanceOutcome;
}
