using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perennial.Protocol;

/// <summary>Enumerations in lower camel case: read without regard to case, written exactly; numbers are refused.</summary>
internal sealed class CamelCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where TEnum : struct, Enum;
