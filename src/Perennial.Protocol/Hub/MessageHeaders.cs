using System.Diagnostics.CodeAnalysis;

namespace Perennial.Protocol.Hub;

/// <summary>The properties of a message inside HTTP headers. Source: hub-protocol §2.1.</summary>
public static class MessageHeaders
{
    /// <summary>What the header of an application property starts with.</summary>
    public const string ApplicationPrefix = "iothub-app-";

    /// <summary>Reads headers; those that are no properties are passed over.</summary>
    /// <param name="headers">Names in any case, with values.</param>
    /// <param name="properties">The properties, when there are not too many.</param>
    /// <returns>Whether they could be read.</returns>
    public static bool TryRead(IEnumerable<KeyValuePair<string, string?>> headers, [NotNullWhen(true)] out MessageProperties? properties)
    {
        properties = null;
        var system = new Dictionary<string, string?>(StringComparer.Ordinal);
        var application = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            if (SystemProperty.FindByHeader(name) is { } property)
            {
                system[property.Name] = value;
            }
            else if (name.Length > ApplicationPrefix.Length && name.StartsWith(ApplicationPrefix, StringComparison.OrdinalIgnoreCase))
            {
                application[name[ApplicationPrefix.Length..]] = value;
            }

            if (system.Count + application.Count > MessageProperties.MaxCount)
            {
                return false;
            }
        }

        properties = new MessageProperties(system, application);
        return true;
    }

    /// <summary>Writes headers. Null is written as empty; a text that no header may hold is percent-encoded.</summary>
    /// <param name="properties">The properties; system properties without a header are left out.</param>
    /// <returns>Names in lower case, except what the application chose, with values.</returns>
    public static IEnumerable<KeyValuePair<string, string>> Write(MessageProperties properties)
    {
        foreach (var property in SystemProperty.All)
        {
            if (property.Header is not null && properties.System.TryGetValue(property.Name, out var value))
            {
                yield return new(property.Header, Safe(value));
            }
        }

        foreach (var (name, value) in properties.Application)
        {
            yield return new(ApplicationPrefix + (name.All(IsTokenCharacter) ? name : Uri.EscapeDataString(name)), Safe(value));
        }
    }

    private static string Safe(string? value)
    {
        var text = value ?? string.Empty;
        return text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? Uri.EscapeDataString(text) : text;
    }

    private static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);
}
