using System.Text.Json;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Allocation;

/// <summary>What a custom allocation said.</summary>
public abstract record CustomAllocationAnswer
{
    private CustomAllocationAnswer()
    {
    }

    /// <param name="HubHostName">The hub that it chose.</param>
    /// <param name="InitialTwin">The twin of a new device, instead of the enrollment's; null leaves that.</param>
    /// <param name="Payload">A JSON value for the device; null for none.</param>
    public sealed record Chosen(string HubHostName, InitialTwin? InitialTwin, JsonElement? Payload) : CustomAllocationAnswer;

    /// <summary>It could not be reached, took too long, or said nothing usable, each time it was asked.</summary>
    public sealed record Failed(string Detail) : CustomAllocationAnswer;
}
