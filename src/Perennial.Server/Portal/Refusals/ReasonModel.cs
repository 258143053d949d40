using Perennial.X509;

namespace Perennial.Server.Portal.Refusals;

/// <summary>A reason, and what is written of it.</summary>
/// <param name="Reason">It.</param>
/// <param name="Paragraphs">The paragraphs of its page, as they are written.</param>
public sealed record ReasonModel(RefusalReason Reason, IReadOnlyList<string> Paragraphs);
