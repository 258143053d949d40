namespace Perennial.Protocol.Provisioning.Enrollments;

/// <summary>The web hook of a custom allocation. Source: dps-protocol §6.3.</summary>
public sealed record CustomAllocationDocument
{
    /// <summary>The address.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The version of the protocol it speaks.</summary>
    public string? ApiVersion { get; init; }
}
