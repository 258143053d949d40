using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.Server.Limits;

/// <summary>Rates as they stand in <c>instance.json</c>.</summary>
internal sealed class RateLimitConverter : JsonConverter<RateLimit>
{
    public override RateLimit Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && RateLimit.TryParse(reader.GetString(), out var limit)
            ? limit
            : throw new JsonException("A rate is written as '100/min', '5/10s' or '100/s burst 20'.");

    public override void Write(Utf8JsonWriter writer, RateLimit value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
