namespace Perennial.X509;

/// <summary>One way in which an untrusted input is refused.</summary>
/// <remarks>
/// Every reason has a page <c>docs/refusals/{Number}.md</c>. Numbers are never reused: 1000 connection, 2000 certificate and chain,
/// 3000 attestation, 4000 allocation, 5000 hub identity, 6000 shared access signature, 7000 limits, 8000 issuance.
/// </remarks>
public sealed record RefusalReason
{
    /// <summary>Makes a reason.</summary>
    /// <param name="number">The stable number, 1000 to 8999.</param>
    /// <param name="name">The stable name in lower case with dashes, for instance <c>certificate-expired</c>; used as metric label.</param>
    /// <param name="title">One sentence that says what was wrong.</param>
    /// <param name="remedy">One sentence that tells the operator what would mend it.</param>
    public RefusalReason(int number, string name, string title, string remedy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 8999);
        Number = number;
        Name = name;
        Title = title;
        Remedy = remedy;
    }

    /// <summary>The stable number, 1000 to 8999.</summary>
    public int Number { get; }

    /// <summary>The stable name in lower case with dashes.</summary>
    public string Name { get; }

    /// <summary>One sentence that says what was wrong.</summary>
    public string Title { get; }

    /// <summary>One sentence that tells the operator what would mend it.</summary>
    public string Remedy { get; }
}
