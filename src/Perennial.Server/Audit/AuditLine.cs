namespace Perennial.Server.Audit;

/// <summary>An entry as it is shown and exported.</summary>
internal sealed record AuditLine
{
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required string Action { get; init; }

    public required string Subject { get; init; }

    /// <summary>JSON of the object before, as text: its bytes are what the hash covers.</summary>
    public string? Before { get; init; }

    public string? After { get; init; }

    /// <summary>64 hex digits; left out for an entry that is older than the chain.</summary>
    public string? Hash { get; init; }

    public static AuditLine From(AuditRecord record) => new()
    {
        Number = record.Number,
        At = record.Entry.At,
        Actor = record.Entry.Actor,
        Action = record.Entry.Action,
        Subject = record.Entry.Subject,
        Before = record.Entry.Before,
        After = record.Entry.After,
        Hash = record.Hash is { } hash ? Convert.ToHexString(hash.Span) : null,
    };

    /// <exception cref="FormatException">The hash is not one.</exception>
    public AuditRecord ToRecord() => new(
        Number, new AuditEntry(At, Actor, Action, Subject, Before, After), Hash is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(Convert.FromHexString(Hash)));
}
