using Perennial.Provisioning.Enrollments;
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

    /// <summary>Whether the present chain is refused already, whatever the roll does.</summary>
    public bool IsRefusedNow { get; init; }

    /// <summary>Whether the present chain is still accepted when the old certificate is retired, until its leaf ends.</summary>
    public bool IsOldTakenAfterwards { get; init; }

    /// <summary>The enrollment of the class when it is disabled; null when it is not, or is that of the roll.</summary>
    public EnrollmentKey? DisabledBy { get; init; }

    /// <summary>The leaf that these devices will have, where not all devices of the roll will have the like.</summary>
    public NewLeaf? Leaf { get; init; }

    /// <summary>Bytes of the present chain in a handshake.</summary>
    public int OldBytes { get; init; }

    /// <summary>Why the new chain is refused now, while both certificates count; null when it is accepted.</summary>
    public Refusal? NewRefusal { get; init; }

    /// <summary>Why it is refused when the old certificate is retired; null when it is accepted.</summary>
    public Refusal? RefusalAfterwards { get; init; }

    /// <summary>Whether the new chain is taken by the old certificate or, of an issuing authority, is not issued by the new one: nobody moves by it.</summary>
    public bool IsNewTakenByOld { get; init; }

    /// <summary>Bytes of the new chain in a handshake.</summary>
    public int NewBytes { get; init; }
}
