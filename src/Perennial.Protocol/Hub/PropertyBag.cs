using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Perennial.Protocol.Hub;

/// <summary>The properties of a message inside an MQTT topic: <c>k1=v1&amp;k2=&amp;k3</c>, percent-encoded.</summary>
/// <remarks>
/// <c>+</c> is a plus. Keys are decoded before they are matched, since one client writes <c>%24.mid</c>. A leading <c>?</c> and a last
/// <c>/</c> are dropped. A key given twice keeps its last value. Source: hub-protocol §1.4.
/// </remarks>
public static class PropertyBag
{
    /// <summary>The longest bag, which is the longest MQTT topic.</summary>
    public const int MaxLength = 65535;

    /// <summary>Reads a bag.</summary>
    /// <param name="text">The part of the topic after the fixed segments; empty for none.</param>
    /// <param name="properties">The properties, when the bag could be read.</param>
    /// <returns>False when the bag is too long, holds too many properties or a property without a name.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MessageProperties? properties)
    {
        properties = null;
        if (text.Length > MaxLength)
        {
            return false;
        }

        text = text.StartsWith('?') ? text[1..] : text;
        text = text.EndsWith('/') ? text[..^1] : text;
        var system = new Dictionary<string, string?>(StringComparer.Ordinal);
        var application = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            if (!pair.IsEmpty && (!TryAdd(pair, system, application) || system.Count + application.Count > MessageProperties.MaxCount))
            {
                return false;
            }
        }

        properties = new MessageProperties(system, application);
        return true;
    }

    /// <summary>Writes a bag: system properties in a fixed order, then the application's.</summary>
    /// <param name="properties">The properties.</param>
    /// <returns>The text; a null value is written as the key alone.</returns>
    public static string Format(MessageProperties properties)
    {
        var text = new StringBuilder();
        foreach (var property in SystemProperty.All)
        {
            if (properties.System.TryGetValue(property.Name, out var value))
            {
                Append(text, property.BagKey, value);
            }
        }

        foreach (var (name, value) in properties.Application)
        {
            Append(text, name, value);
        }

        return text.ToString();
    }

    private static bool TryAdd(ReadOnlySpan<char> pair, Dictionary<string, string?> system, Dictionary<string, string?> application)
    {
        var equals = pair.IndexOf('=');
        var key = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
        var value = equals < 0 ? null : Uri.UnescapeDataString(pair[(equals + 1)..]);
        if (SystemProperty.FindByBagKey(key) is { } property)
        {
            system[property.Name] = value;
        }
        else
        {
            application[key] = value;
        }

        return key.Length > 0;
    }

    private static void Append(StringBuilder text, string key, string? value)
    {
        if (text.Length > 0)
        {
            text.Append('&');
        }

        text.Append(Uri.EscapeDataString(key));
        if (value is not null)
        {
            text.Append('=').Append(Uri.EscapeDataString(value));
        }
    }
}
