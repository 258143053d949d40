namespace Perennial.Server.Amqp;

/// <summary>
/// The address of a node as a link names it, relative or with scheme and host: <c>/devices/d/messages/events</c>,
/// <c>amqps://host:5671/devices/d/twin</c>, <c>$cbs</c>.
/// </summary>
internal sealed class AmqpAddress
{
    private const int MaxLength = 2048;
    private const int MaxSegments = 16;

    private AmqpAddress(string text, string[] path)
    {
        Text = text;
        Path = path;
    }

    /// <summary>As it came.</summary>
    public string Text { get; }

    /// <summary>The segments of the path, decoded.</summary>
    public IReadOnlyList<string> Path { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out AmqpAddress? address)
    {
        address = null;
        if (text is not { Length: > 0 and <= MaxLength })
        {
            return false;
        }

        var path = text.AsSpan();
        if (path.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            var authority = path[(scheme + 3)..];
            var slash = authority.IndexOf('/');
            path = slash < 0 ? [] : authority[slash..];
        }

        var segments = path.Trim('/').ToString().Split('/', MaxSegments + 1);
        if (segments.Length > MaxSegments)
        {
            return false;
        }

        address = new AmqpAddress(text, Array.ConvertAll(segments, Uri.UnescapeDataString));
        return true;
    }

    /// <summary>Whether this is the pattern; segments compare without case, <c>*</c> stands for any one.</summary>
    public bool Is(params ReadOnlySpan<string> pattern)
    {
        if (Path.Count != pattern.Length)
        {
            return false;
        }

        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != "*" && !string.Equals(Path[i], pattern[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => Text;
}
