using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>What an authority outside this service answers.</summary>
public abstract record RemoteAnswer
{
    private RemoteAnswer()
    {
    }

    /// <summary>It issued.</summary>
    /// <param name="Certificates">The certificate, and perhaps others, in any order.</param>
    public sealed record Issued(IReadOnlyList<Certificate> Certificates) : RemoteAnswer;

    /// <summary>It has not decided yet.</summary>
    /// <param name="RetryAfter">When to ask again.</param>
    public sealed record Pending(TimeSpan RetryAfter) : RemoteAnswer;

    /// <summary>It refused.</summary>
    /// <param name="Detail">Its words.</param>
    public sealed record Refused(string Detail) : RemoteAnswer;
}
