namespace Perennial.Provisioning;

/// <summary>The name of a device in the provisioning service; for X.509 the leaf's common name (dps-protocol §5.6).</summary>
/// <remarks>Compared without case; the first spelling is kept.</remarks>
public sealed record RegistrationId
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 128;

    private RegistrationId(string value) => Value = value;

    public string Value { get; }

    /// <summary>This spelling, and the one in lower case when that is another.</summary>
    internal IEnumerable<string> Spellings
    {
        get
        {
            yield return Value;
#pragma warning disable CA1308 // Lower case is what clients derive keys from.
            var lower = Value.ToLowerInvariant();
#pragma warning restore CA1308
            if (lower != Value)
            {
                yield return lower;
            }
        }
    }

    /// <summary>Reads 1 to 128 letters, digits, <c>- . _ :</c>, of which the last is a letter, a digit or <c>-</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RegistrationId? id)
    {
        var isValid = text is { Length: > 0 and <= MaxLength }
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or ':')
            && (char.IsAsciiLetterOrDigit(text[^1]) || text[^1] == '-');
        id = isValid ? new RegistrationId(text!) : null;
        return isValid;
    }

    public bool Equals(RegistrationId? other) =>
        other is not null && string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Value);

    public override string ToString() => Value;
}
