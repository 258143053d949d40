namespace Perennial.Hub.Jobs;

/// <summary>The name of a job, chosen by its maker: 1 to 64 letters, digits, <c>-</c> and <c>_</c>. Compared with case.</summary>
public sealed record JobId
{
    public const int MaxLength = 64;

    private JobId(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out JobId? id)
    {
        id = text is { Length: > 0 and <= MaxLength } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? new JobId(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;
}
