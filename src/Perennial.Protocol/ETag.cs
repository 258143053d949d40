namespace Perennial.Protocol;

/// <summary>An entity tag as it appears in headers and bodies, normalised so that all spellings of one tag are equal.</summary>
/// <remarks>
/// One pair of quotes and a leading <c>W/</c> are dropped; <c>*</c> and <c>"*"</c> are the wildcard. The default value is a missing tag.
/// Source: dps-protocol §7.3, hub-protocol §4.3.
/// </remarks>
public readonly record struct ETag
{
    /// <summary>The longest tag that is kept; a longer one matches nothing.</summary>
    public const int MaxLength = 256;

    private ETag(string value) => Value = value;

    /// <summary>The tag without quotes, or null when it is missing.</summary>
    public string? Value { get; }

    /// <summary>Whether no tag was given.</summary>
    public bool IsMissing => Value is null;

    /// <summary>Whether the tag is the wildcard.</summary>
    public bool IsAny => Value == "*";

    /// <summary>The tag in quotes, for a response header; empty when it is missing.</summary>
    public string Quoted => Value is null ? string.Empty : $"\"{Value}\"";

    /// <summary>Normalises the value of an <c>If-Match</c> header or of an <c>etag</c> member.</summary>
    /// <param name="text">The text as received; null, empty and blank mean missing.</param>
    /// <returns>The tag.</returns>
    public static ETag Parse(string? text)
    {
        var value = text.AsSpan().Trim();
        if (value.IsEmpty)
        {
            return default;
        }

        if (value.StartsWith("W/", StringComparison.Ordinal))
        {
            value = value[2..];
        }

        if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
        {
            value = value[1..^1];
        }

        return new ETag(value.Length > MaxLength ? string.Empty : value.ToString());
    }

    /// <summary>Whether a change guarded by this tag may go on against the stored tag.</summary>
    /// <param name="stored">The tag of the stored object.</param>
    /// <returns>True when this tag is missing, is the wildcard or equals the stored one.</returns>
    public bool Accepts(ETag stored) => IsMissing || IsAny || (Value is { Length: > 0 } && Value == stored.Value);

    /// <summary>The tag without quotes; empty when it is missing.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Value ?? string.Empty;
}
