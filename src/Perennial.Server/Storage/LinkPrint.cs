namespace Perennial.Server.Storage;

/// <summary>A link of a hub, or the service's own allocation, without a key: its SHA-256 tells whether it changed.</summary>
/// <param name="Subject">What it is, for instance <c>linked hub 'hub-b.example'</c>.</param>
/// <param name="Document">Its terms as JSON, always written alike.</param>
internal sealed record LinkPrint(string Subject, string Document);
