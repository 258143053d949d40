using System.Text.Json.Serialization;

namespace Perennial.Server.Remote;

/// <summary>The JSON of logins.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoginDocument))]
internal sealed partial class LoginJson : JsonSerializerContext;
