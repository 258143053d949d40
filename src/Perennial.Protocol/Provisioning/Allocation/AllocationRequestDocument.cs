using System.Text.Json.Serialization.Metadata;
using Perennial.Protocol.Provisioning.Enrollments;

namespace Perennial.Protocol.Provisioning.Allocation;

/// <summary>What the web hook of a custom allocation is asked; nothing in it is secret. Source: dps-protocol §6.3.</summary>
public sealed record AllocationRequestDocument : IWireDocument<AllocationRequestDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<AllocationRequestDocument> IWireDocument<AllocationRequestDocument>.TypeInfo => AllocationJson.Default.AllocationRequestDocument;

    /// <summary>The group that takes the device, when one does; of its attestation the type alone.</summary>
    public EnrollmentGroupDocument? EnrollmentGroup { get; init; }

    /// <summary>The individual enrollment that takes it, when one does; of its attestation the type alone.</summary>
    public IndividualEnrollmentDocument? IndividualEnrollment { get; init; }

    /// <summary>The device.</summary>
    public required DeviceRuntimeContextDocument DeviceRuntimeContext { get; init; }

    /// <summary>The host names of the hubs to choose from.</summary>
    public required IReadOnlyList<string> LinkedHubs { get; init; }
}
