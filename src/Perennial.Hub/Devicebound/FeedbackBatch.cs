namespace Perennial.Hub.Devicebound;

/// <summary>Feedback records handed out together; they come again when they are not completed under their lock.</summary>
public sealed record FeedbackBatch(Guid Lock, IReadOnlyList<MessageFeedback> Records);
