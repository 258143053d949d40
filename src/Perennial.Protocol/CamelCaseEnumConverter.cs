using System.Text.Json;

namespace Perennial.Protocol;

/// <summary>Enumerations in lower camel case.</summary>
internal sealed class CamelCaseEnumConverter<TEnum>() : WireEnumConverter<TEnum>(JsonNamingPolicy.CamelCase.ConvertName)
    where TEnum : struct, Enum;
