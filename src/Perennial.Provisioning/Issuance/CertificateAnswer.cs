using Perennial.X509;

namespace Perennial.Provisioning.Issuance;

/// <summary>What the authority says to an order.</summary>
public abstract record CertificateAnswer
{
    private CertificateAnswer()
    {
    }

    /// <param name="Chain">The leaf first, the root last; at most three.</param>
    public sealed record Issued(IReadOnlyList<Certificate> Chain) : CertificateAnswer;

    /// <summary>The authority cannot say yet, or cannot sign now; the same order is to be repeated.</summary>
    /// <param name="Refusal">Why, for the operator.</param>
    /// <param name="RetryAfter">When.</param>
    public sealed record Later(Refusal Refusal, TimeSpan RetryAfter) : CertificateAnswer;

    public sealed record Refused(Refusal Refusal) : CertificateAnswer;
}
