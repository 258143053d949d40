using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A roll as an operator asks for it: of a group, of an issuer, or of the leaves of these devices.</summary>
public sealed record RollRequestDocument : IWireDocument<RollRequestDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RollRequestDocument> IWireDocument<RollRequestDocument>.TypeInfo => RollingJson.Default.RollRequestDocument;

    /// <summary>The group whose signing certificate is rolled.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>The issuer whose authority is rolled to the one that is prepared.</summary>
    public string? Issuer { get; init; }

    /// <summary>The devices whose leaves are rolled, by their individual enrollments.</summary>
    public IReadOnlyList<string>? RegistrationIds { get; init; }

    /// <summary>The slot that is to be retired, <c>primary</c> (the usual) or <c>secondary</c>.</summary>
    public string? OldSlot { get; init; }

    /// <summary><c>expiration</c> (the usual), <c>breach</c> or <c>policy</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>How to go about it; what is left out is as usual.</summary>
    public RollPlanDocument? Plan { get; init; }
}
