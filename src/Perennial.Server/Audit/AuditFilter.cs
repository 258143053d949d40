namespace Perennial.Server.Audit;

/// <summary>Which entries are asked for; null takes any.</summary>
internal sealed record AuditFilter
{
    /// <summary>Takes every entry.</summary>
    public static AuditFilter None { get; } = new();

    /// <summary>Part of the actor, without regard to case.</summary>
    public string? Actor { get; init; }

    /// <summary>The beginning of the action: <c>enrollment</c> takes <c>enrollment.save</c>.</summary>
    public string? Action { get; init; }

    /// <summary>Part of the subject, without regard to case.</summary>
    public string? Subject { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? Until { get; init; }
}
