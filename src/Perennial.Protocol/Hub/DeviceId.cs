using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Perennial.Protocol.Hub;

/// <summary>The name of a device in the hub. Case matters. Topics and user names hold it as it is; HTTP paths percent-encode it.</summary>
/// <remarks>
/// 1 to 128 characters: ASCII letters, digits and <c>- : . + % _ # * ? ! ( ) , = @ ; $ '</c>. Source: hub-protocol §0.3.
/// </remarks>
public sealed class DeviceId : IEquatable<DeviceId>, IParsable<DeviceId>
{
    /// <summary>The most characters of an id.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-:.+%_#*?!(),=@;$'");

    private DeviceId(string value) => Value = value;

    /// <summary>The id.</summary>
    public string Value { get; }

    /// <summary>Whether the id belongs to the system (<c>$edgeAgent</c>, <c>$edgeHub</c>) and cannot be made by hand.</summary>
    public bool IsSystem => Value[0] == '$';

    /// <summary>Whether two ids are the same.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    /// <returns>True when every character is the same.</returns>
    public static bool operator ==(DeviceId? left, DeviceId? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two ids differ.</summary>
    /// <param name="left">One id.</param>
    /// <param name="right">The other id.</param>
    /// <returns>True when any character differs.</returns>
    public static bool operator !=(DeviceId? left, DeviceId? right) => !(left == right);

    /// <summary>Reads an id.</summary>
    /// <param name="text">The text; decoded when it comes from an HTTP path, as received when it comes from MQTT.</param>
    /// <param name="id">The id, when the text is one.</param>
    /// <returns>Whether the text is an id.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DeviceId? id)
    {
        id = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed) ? new DeviceId(text) : null;
        return id is not null;
    }

    /// <inheritdoc/>
    public static DeviceId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, out var id) ? id : throw new FormatException("The text is not a device id.");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out DeviceId result) =>
        TryParse(s, out result);

    /// <inheritdoc/>
    public bool Equals(DeviceId? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeviceId);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
