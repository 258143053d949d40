using System.Text.Json.Nodes;

namespace Perennial.Protocol.Hub.Registry;

/// <summary>The two sections of a twin, each with <c>$metadata</c> and <c>$version</c>. Source: hub-protocol §4.4.</summary>
public sealed record TwinPropertiesDocument
{
    /// <summary>What the service wants.</summary>
    public JsonObject? Desired { get; init; }

    /// <summary>What the device says.</summary>
    public JsonObject? Reported { get; init; }
}
