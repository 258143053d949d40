using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>A class of chains: what the attestation function says of the chain that devices have, and of the one that they will have.</summary>
public sealed record ChainProspect
{
    /// <summary>What the class is called in findings.</summary>
    public required string Name { get; init; }

    /// <summary>The last moment at which the present chain is accepted, but for the end of the leaf; null when it is refused.</summary>
    public DateTimeOffset? OldEnd { get; init; }

    /// <summary>Whether the present chain is taken by the new certificate already.</summary>
    public bool IsTakenByNew { get; init; }

    /// <summary>Bytes of the present chain in a handshake.</summary>
    public int OldBytes { get; init; }

    /// <summary>Why the new chain is refused now, while both certificates count; null when it is accepted.</summary>
    public Refusal? NewRefusal { get; init; }

    /// <summary>Why it is refused when the old certificate is retired; null when it is accepted.</summary>
    public Refusal? RefusalAfterwards { get; init; }

    /// <summary>Whether the new chain is taken by the old certificate.</summary>
    public bool IsNewTakenByOld { get; init; }

    /// <summary>Bytes of the new chain in a handshake.</summary>
    public int NewBytes { get; init; }
}
