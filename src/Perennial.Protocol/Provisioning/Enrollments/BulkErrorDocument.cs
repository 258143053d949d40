namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>Why one entry of a bulk request failed. Source: dps-protocol §7.5.</summary>
public sealed record BulkErrorDocument
{
    /// <summary>The entry, when it is an individual enrollment.</summary>
    public string? RegistrationId { get; init; }

    /// <summary>The entry, when it is an enrollment group.</summary>
    public string? EnrollmentGroupId { get; init; }

    /// <summary>Six digits, the first three the HTTP status that a request for this entry alone would get.</summary>
    public required int ErrorCode { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public required string ErrorStatus { get; init; }
}
