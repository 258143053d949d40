using System.Collections.ObjectModel;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Perennial.Server.Storage.Sql;

/// <summary>The content of messages as columns: properties as JSON, null for none, and the body.</summary>
internal static class MessageText
{
    public static string? Write(IReadOnlyDictionary<string, string?> system, IReadOnlyDictionary<string, string?> application) =>
        system.Count == 0 && application.Count == 0
            ? null
            : JsonSerializer.Serialize(
                new TelemetryProperties
                {
                    System = system.Count == 0 ? null : system,
                    Application = application.Count == 0 ? null : application,
                },
                StorageJson.Default.TelemetryProperties);

    public static (IReadOnlyDictionary<string, string?> System, IReadOnlyDictionary<string, string?> Application) Read(DbDataReader row, int column)
    {
        var properties = row.IsDBNull(column) ? null : JsonSerializer.Deserialize(row.GetString(column), StorageJson.Default.TelemetryProperties);
        return (properties?.System ?? ReadOnlyDictionary<string, string?>.Empty, properties?.Application ?? ReadOnlyDictionary<string, string?>.Empty);
    }

    public static byte[] Bytes(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : body.ToArray();
}
