namespace Perennial.Server.Notices;

/// <summary>An address that is told of notices.</summary>
internal sealed record Webhook
{
    /// <summary>Bytes of a key that signs.</summary>
    public const int KeyLength = 32;

    public const int MaxNameLength = 64;

    public const int MaxUrlLength = 2000;

    /// <summary>1 to 64 lower case letters, digits and <c>-</c>.</summary>
    public required string Name { get; init; }

    public required string ETag { get; init; }

    /// <summary>HTTPS.</summary>
    public required Uri Url { get; init; }

    public required NoticeKind Kinds { get; init; }

    public required bool IsEnabled { get; init; }

    /// <summary>Both keys sign every notice, so that a receiver can be given a new key before the old one goes.</summary>
    public required ReadOnlyMemory<byte> PrimaryKey { get; init; }

    public required ReadOnlyMemory<byte> SecondaryKey { get; init; }

    public static bool IsName(string name) =>
        name is { Length: >= 1 and <= MaxNameLength } && name.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-');
}
