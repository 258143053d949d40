using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Rolling;

/// <summary>A roll, and how far it has come.</summary>
public sealed record RollDocument : IWireDocument<RollDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<RollDocument> IWireDocument<RollDocument>.TypeInfo => RollingJson.Default.RollDocument;

    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary><c>leaf</c>, <c>signingCertificate</c> or <c>issuingCa</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>expiration</c>, <c>breach</c> or <c>policy</c>.</summary>
    public required string Reason { get; init; }

    /// <summary><c>draft</c>, <c>rehearsed</c>, <c>running</c>, <c>paused</c>, <c>completed</c> or <c>aborted</c>.</summary>
    public required string State { get; init; }

    /// <summary>Whether it is rolled back: devices go back to the old certificate, and the new one is retired; left out when it is not.</summary>
    public bool? Back { get; init; }

    /// <summary>When it was hastened; left out when it was not.</summary>
    public DateTimeOffset? HastenedUtc { get; init; }

    /// <summary>Why it was halted; left out when it was not.</summary>
    public string? HaltReason { get; init; }

    /// <summary>For what it waits; left out when it does not, and in lists.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>The group whose signing certificate is rolled.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>The issuer whose authority is rolled.</summary>
    public string? Issuer { get; init; }

    /// <summary>SHA-256 of the signing certificate that is to be retired.</summary>
    public string? Old { get; init; }

    /// <summary>SHA-256 of the signing certificate that devices are to use.</summary>
    public string? New { get; init; }

    /// <summary>The wave that is under way; 0 is the canary.</summary>
    public required int Wave { get; init; }

    /// <summary>When it was planned.</summary>
    public required DateTimeOffset CreatedUtc { get; init; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset? StartedUtc { get; init; }

    /// <summary>When it was completed or aborted.</summary>
    public DateTimeOffset? EndedUtc { get; init; }

    /// <summary>Why it was started without a rehearsal; left out when it was rehearsed or is not started.</summary>
    public string? WithoutRehearsal { get; init; }

    /// <summary>How far it has come; left out in lists.</summary>
    public RollProgressDocument? Progress { get; init; }

    /// <summary>When it would end; left out in lists.</summary>
    public RollForecastDocument? Forecast { get; init; }
}
