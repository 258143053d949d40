using System.Text.Json.Serialization.Metadata;

namespace Perennial.Protocol.Hub;

/// <summary>What became of one message to a device. A feedback message holds an array of them. Source: hub-protocol §5.4.</summary>
public sealed record FeedbackDocument : IWireDocument<FeedbackDocument>
{
    /// <summary>The content type of a feedback message.</summary>
    public const string ContentType = "application/vnd.microsoft.iothub.feedback.json";

    /// <inheritdoc/>
    static JsonTypeInfo<FeedbackDocument> IWireDocument<FeedbackDocument>.TypeInfo => HubJson.Default.FeedbackDocument;

    /// <summary>The id of the message.</summary>
    public required string OriginalMessageId { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EnqueuedTimeUtc { get; init; }

    /// <summary><c>Success</c>, <c>Expired</c>, <c>DeliveryCountExceeded</c>, <c>Rejected</c> or <c>Purged</c>.</summary>
    public required string StatusCode { get; init; }

    /// <summary>The same for people.</summary>
    public required string Description { get; init; }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The generation of the device identity that the message was for.</summary>
    public required string DeviceGenerationId { get; init; }
}
