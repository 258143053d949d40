using System.Diagnostics.CodeAnalysis;

namespace Perennial.X509;

/// <summary>The common name of a device: printable ASCII, 1 to 64 characters, compared without regard to ASCII case.</summary>
public sealed class CommonName : IEquatable<CommonName>
{
    /// <summary>The longest common name, RFC 5280 appendix A (ub-common-name).</summary>
    public const int MaxLength = 64;

    private CommonName(string value) => Value = value;

    /// <summary>The name as the certificate spells it.</summary>
    public string Value { get; }

    /// <summary>Takes a name that is 1 to 64 printable ASCII characters.</summary>
    /// <param name="s">The text.</param>
    /// <param name="name">The name, when the answer is true.</param>
    public static bool TryParse([NotNullWhen(true)] string? s, [NotNullWhen(true)] out CommonName? name)
    {
        name = null;
        if (string.IsNullOrEmpty(s) || s.Length > MaxLength || s.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return false;
        }

        name = new(s);
        return true;
    }

    /// <inheritdoc />
    public bool Equals(CommonName? other) => other is not null && string.Equals(Value, other.Value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as CommonName);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Value);

    /// <summary>The name as the certificate spells it.</summary>
    public override string ToString() => Value;
}
