using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A breach as an operator opens it: of a group, or of one device.</summary>
public sealed record BreachRequestDocument : IWireDocument<BreachRequestDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<BreachRequestDocument> IWireDocument<BreachRequestDocument>.TypeInfo => RollingJson.Default.BreachRequestDocument;

    /// <summary>What was compromised: <c>individualLeaf</c>, <c>groupLeaf</c>, <c>intermediate</c> or <c>root</c>.</summary>
    public required string Procedure { get; init; }

    /// <summary>The group, for <c>intermediate</c> and <c>root</c>.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>The device, for <c>individualLeaf</c> and <c>groupLeaf</c>.</summary>
    public string? RegistrationId { get; init; }

    /// <summary>
    /// The slot that holds the compromised certificate, <c>primary</c> (the usual) or <c>secondary</c>; of a device of a group it is the leaf that it was last
    /// accepted with.
    /// </summary>
    public string? Slot { get; init; }

    /// <summary>What happened, for the record.</summary>
    public required string Reason { get; init; }
}
