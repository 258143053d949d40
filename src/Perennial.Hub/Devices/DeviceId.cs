using System.Buffers;

namespace Perennial.Hub.Devices;

/// <summary>The name of a device on a hub. Compared with case (hub-protocol §0.3).</summary>
public sealed record DeviceId
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-:.+%_#*?!(),=@;$'");

    private DeviceId(string value) => Value = value;

    public string Value { get; }

    /// <summary>Ids with a leading <c>$</c> belong to the system and are not made by hand.</summary>
    public bool IsSystem => Value[0] == '$';

    /// <summary>Reads 1 to 128 of the letters, digits and <c>- : . + % _ # * ? ! ( ) , = @ ; $ '</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DeviceId? id)
    {
        id = text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed) ? new DeviceId(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;
}
