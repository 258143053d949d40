using System.Buffers;
using System.Text.Json;
using Perennial.Hub.Jobs;
using Perennial.Hub.Queries;
using Perennial.Protocol;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Http;

/// <summary>Results of queries as one JSON array, all of it ASCII.</summary>
internal static class QueryResults
{
    /// <param name="results">The results.</param>
    /// <param name="waiting">How many messages wait for whole devices.</param>
    public static ReadOnlyMemory<byte> ToUtf8(IReadOnlyList<QueryResult> results, IReadOnlyDictionary<DeviceId, int> waiting)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var result in results)
            {
                Write(writer, result, waiting);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, QueryResult result, IReadOnlyDictionary<DeviceId, int> waiting)
    {
        switch (result)
        {
            case QueryResult.Whole { Row: TwinRow row }:
                writer.WriteRawValue(WireJson.ToUtf8(TwinDocuments.From(row.Device, row.Twin, row.State, waiting.GetValueOrDefault(row.Device.Id))));
                break;
            case QueryResult.Whole { Row: JobDevice device }:
                writer.WriteRawValue(WireJson.ToUtf8(JobDocuments.From(device)));
                break;
            case QueryResult.Members { Values: var values }:
                writer.WriteStartObject();
                foreach (var (name, value) in values)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"Unknown result {result}.");
        }
    }

    private static void Write(Utf8JsonWriter writer, QueryValue value)
    {
        switch (value.Kind)
        {
            case QueryValueKind.Truth:
                writer.WriteBooleanValue(value.IsTrue);
                break;
            case QueryValueKind.Number:
                writer.WriteNumberValue(value.Number);
                break;
            case QueryValueKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case QueryValueKind.Time:
                writer.WriteStringValue(WireTime.Format(value.Time));
                break;
            case QueryValueKind.Json:
                value.Json.WriteTo(writer);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
