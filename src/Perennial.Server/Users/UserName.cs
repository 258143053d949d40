namespace Perennial.Server.Users;

/// <summary>A user's name: 1 to 64 letters, digits and <c>. _ - @ +</c> of ASCII, compared without case.</summary>
internal sealed record UserName
{
    public const int MaxLength = 64;

    private UserName(string value) => Value = value;

    /// <summary>Who comes in by an address alone.</summary>
    public static UserName Guest { get; } = new("guest");

    public string Value { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out UserName? name)
    {
        var trimmed = text?.Trim() ?? string.Empty;
        name = trimmed.Length is > 0 and <= MaxLength && trimmed.All(IsAllowed) ? new UserName(trimmed) : null;
        return name is not null;
    }

    public bool Equals(UserName? other) => other is not null && string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Value);

    public override string ToString() => Value;

    private static bool IsAllowed(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+';
}
