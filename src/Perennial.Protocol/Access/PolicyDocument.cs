using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Access;

/// <summary>A shared access policy as owners see it.</summary>
public sealed record PolicyDocument : IWireDocument<PolicyDocument>
{
    /// <inheritdoc/>
    static JsonTypeInfo<PolicyDocument> IWireDocument<PolicyDocument>.TypeInfo => AccessJson.Default.PolicyDocument;

    /// <summary>The name, which tokens carry as <c>skn</c>.</summary>
    public string? Name { get; init; }

    /// <summary>What its holders may do, by the names of dps-protocol §7.1 and hub-protocol §4.10.</summary>
    public IReadOnlyList<string>? Rights { get; init; }

    /// <summary>In base64; left out unless asked for. Never read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? PrimaryKey { get; init; }

    /// <summary>In base64; left out unless asked for. Never read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SecondaryKey { get; init; }
}
