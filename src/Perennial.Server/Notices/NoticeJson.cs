using System.Text.Json.Serialization;

namespace Perennial.Server.Notices;

/// <summary>The generated JSON of webhooks as they are shown and sent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    MaxDepth = 4)]
[JsonSerializable(typeof(WebhookLine))]
[JsonSerializable(typeof(WebhookLine[]))]
[JsonSerializable(typeof(WebhookForm))]
[JsonSerializable(typeof(DeliveryLine[]))]
internal sealed partial class NoticeJson : JsonSerializerContext;
