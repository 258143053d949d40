using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A breach that operators deal with, and how far it is.</summary>
public sealed record BreachDocument : IWireDocument<BreachDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BreachDocument> IWireDocument<BreachDocument>.TypeInfo => RollingJson.Default.BreachDocument;

    /// <summary>Its id, which the service made.</summary>
    public required string Id { get; init; }

    /// <summary>What was compromised: <c>individualLeaf</c>, <c>groupLeaf</c>, <c>intermediate</c> or <c>root</c>.</summary>
    public required string Procedure { get; init; }

    /// <summary>The group that it is about; left out for an individual enrollment.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>The one device that it is about; left out when it is about all of a group.</summary>
    public string? RegistrationId { get; init; }

    /// <summary>SHA-256 of the compromised certificate.</summary>
    public required string Compromised { get; init; }

    /// <summary>Its subject.</summary>
    public required string Subject { get; init; }

    /// <summary>What happened.</summary>
    public required string Reason { get; init; }

    /// <summary>Who opened it.</summary>
    public required string Actor { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset AtUtc { get; init; }

    /// <summary>When it was closed; left out while it is open.</summary>
    public DateTimeOffset? ClosedUtc { get; init; }

    /// <summary>Which steps are done, as things are; left out in lists.</summary>
    public BreachStepsDocument? Steps { get; init; }

    /// <summary>Devices that were last accepted by the compromised certificate; left out in lists.</summary>
    public long? Users { get; init; }

    /// <summary>The slot of the enrollment that holds the compromised certificate; left out when none does, and in lists.</summary>
    public string? OldSlot { get; init; }

    /// <summary>The block of what was compromised; left out while there is none, and in lists.</summary>
    public BlockDocument? Block { get; init; }

    /// <summary>The name of the roll that was planned for it; left out when none was, and in lists.</summary>
    public string? Roll { get; init; }
}
