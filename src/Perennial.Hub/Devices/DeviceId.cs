using System.Buffers;

namespace Perennial.Hub.Devices;

/// <summary>The name of a device on a hub, <c>d</c>, or of a module of a device, <c>d/m</c>. Compared with case (hub-protocol §0.3).</summary>
/// <remarks>
/// No part holds a slash, so the text names one identity, and the modules of a device stand together in ordinal order: after
/// <c>d/</c> and before <c>d0</c>.
/// </remarks>
public sealed record DeviceId
{
    /// <summary>The longest id of a device or of a module, in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-:.+%_#*?!(),=@;$'");

    // Where the device's part of the value ends.
    private readonly int _end;

    private DeviceId(string value, int end)
    {
        Value = value;
        _end = end;
    }

    /// <summary><c>d</c> or <c>d/m</c>.</summary>
    public string Value { get; }

    /// <summary>The device's part.</summary>
    public string Device => IsModule ? Value[.._end] : Value;

    /// <summary>The module's part; null for a device.</summary>
    public string? Module => IsModule ? Value[(_end + 1)..] : null;

    public bool IsModule => _end < Value.Length;

    /// <summary>The device itself, or the device of the module.</summary>
    public DeviceId Owner => IsModule ? new DeviceId(Device, _end) : this;

    /// <summary>Ids with a leading <c>$</c> belong to the system and are not made by hand.</summary>
    public bool IsSystem => Value[IsModule ? _end + 1 : 0] == '$';

    /// <summary>Reads the id of a device: 1 to 128 of the letters, digits and <c>- : . + % _ # * ? ! ( ) , = @ ; $ '</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DeviceId? id)
    {
        id = IsPart(text) ? new DeviceId(text, text.Length) : null;
        return id is not null;
    }

    /// <summary>Reads the id of a module of a device, or of the device when <paramref name="module"/> is null.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? device, string? module, [NotNullWhen(true)] out DeviceId? id)
    {
        id = !IsPart(device) ? null
            : module is null ? new DeviceId(device, device.Length)
            : IsPart(module) ? new DeviceId($"{device}/{module}", device.Length)
            : null;
        return id is not null;
    }

    /// <summary>Reads what <see cref="Value"/> gave: the id of a device or of a module.</summary>
    public static bool TryParseIdentity([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DeviceId? id)
    {
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        return slash < 0 ? TryParse(text, out id) : TryParse(text![..slash], text[(slash + 1)..], out id);
    }

    public override string ToString() => Value;

    private static bool IsPart([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= MaxLength } && !text.AsSpan().ContainsAnyExcept(Allowed);
}
