using System.Text.Json;

namespace Perennial.Hub.Twins;

/// <summary>The desired or the reported properties of a twin.</summary>
/// <param name="Values">The properties, a JSON object.</param>
/// <param name="Metadata">When each of them last changed, a JSON object of the same shape.</param>
/// <param name="Version">Counts the changes; starts at 1.</param>
public sealed record TwinSection(JsonElement Values, JsonElement Metadata, long Version)
{
    public static TwinSection Create(TwinPatch values, DateTimeOffset at, bool keepsVersions)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new TwinSection(
            TwinMerge.Values(null, values.Json), TwinMerge.Metadata(null, values.Json, at, keepsVersions ? 1 : null), 1);
    }

    public TwinSection Merge(TwinPatch patch, DateTimeOffset at, bool keepsVersions)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return new TwinSection(
            TwinMerge.Values(Values, patch.Json),
            TwinMerge.Metadata(Metadata, patch.Json, at, keepsVersions ? Version + 1 : null),
            Version + 1);
    }

    public TwinSection Replace(TwinPatch values, DateTimeOffset at, bool keepsVersions)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new TwinSection(
            TwinMerge.Values(null, values.Json),
            TwinMerge.Metadata(null, values.Json, at, keepsVersions ? Version + 1 : null),
            Version + 1);
    }
}
