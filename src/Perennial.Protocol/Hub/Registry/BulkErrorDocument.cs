using System.Text.Json.Serialization;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>A change of a bulk request that was not made. Source: hub-protocol §4.6.</summary>
public sealed record BulkErrorDocument
{
    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The module; left out for a change of a device.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ModuleId { get; init; }

    /// <summary>The name of the error; clients know only some (<see cref="HubError.Name"/>).</summary>
    public required string ErrorCode { get; init; }

    /// <summary>What the caller may know.</summary>
    public required string ErrorStatus { get; init; }
}
