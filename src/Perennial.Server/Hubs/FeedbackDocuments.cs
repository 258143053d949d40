using Perennial.Hub.Devicebound;
using Perennial.Protocol.Hub;

namespace Perennial.Server.Hubs;

/// <summary>Feedback as the wire knows it (hub-protocol §5.4).</summary>
internal static class FeedbackDocuments
{
    public static IReadOnlyCollection<FeedbackDocument> From(FeedbackBatch batch) => [.. batch.Records.Select(From)];

    private static FeedbackDocument From(MessageFeedback record) => new()
    {
        OriginalMessageId = record.MessageId,
        EnqueuedTimeUtc = record.At,
        StatusCode = record.End.ToString(),
        Description = record.End.ToString(),
        DeviceId = record.Device.Device,
        DeviceGenerationId = record.Generation,
    };
}
