using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Perennial.X509;

namespace Perennial.Protocol.Provisioning;

/// <summary>The name of a device in the provisioning service. Two ids that differ only in case are the same id; the first spelling is kept for display.</summary>
/// <remarks>
/// 1 to 128 ASCII characters: letters, digits and <c>- . _ :</c>, the last one a letter, a digit or a dash. Source: dps-protocol §5.6.
/// </remarks>
public sealed class RegistrationId : IEquatable<RegistrationId>, IParsable<RegistrationId>
{
    /// <summary>The most characters of an id.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:");

    private RegistrationId(string value) => Value = value;

    /// <summary>The id as it was spelled.</summary>
    public string Value { get; }

    /// <summary>Whether two ids are the same.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    /// <returns>True when they differ at most in case.</returns>
    public static bool operator ==(RegistrationId? left, RegistrationId? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two ids differ.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    /// <returns>True when they differ in more than case.</returns>
    public static bool operator !=(RegistrationId? left, RegistrationId? right) => !(left == right);

    /// <summary>Reads an id.</summary>
    /// <param name="text">The text, decoded.</param>
    /// <param name="id">The id, when the text is one.</param>
    /// <returns>Whether the text is an id.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RegistrationId? id)
    {
        id = null;
        if (text is not { Length: > 0 and <= MaxLength } || text.AsSpan().ContainsAnyExcept(Allowed) || text[^1] is '.' or '_' or ':')
        {
            return false;
        }

        id = new RegistrationId(text);
        return true;
    }

    /// <summary>Takes the id of a certificate, which is its common name.</summary>
    /// <param name="name">The common name of the leaf.</param>
    /// <param name="id">The id, when the name is one.</param>
    /// <returns>Whether the common name is an id; not every common name is.</returns>
    public static bool TryFrom(CommonName name, [NotNullWhen(true)] out RegistrationId? id) => TryParse(name.Value, out id);

    /// <inheritdoc/>
    public static RegistrationId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, out var id) ? id : throw new FormatException("The text is not a registration id.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RegistrationId result) =>
        TryParse(s, out result);

    /// <inheritdoc/>
    public bool Equals(RegistrationId? other) => other is not null && Value.Equals(other.Value, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RegistrationId);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
