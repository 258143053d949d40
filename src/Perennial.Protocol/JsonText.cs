using System.Text.Json;

namespace Perennial.Protocol;

/// <summary>Checks of received JSON that must come before it is bound to a document.</summary>
internal static class JsonText
{
    private const int MaxPathLength = 128;

    /// <summary>Tells why the text cannot be read at all, or null.</summary>
    public static string? FindFault(ReadOnlySpan<byte> utf8, int maxLength)
    {
        if (utf8.Length > maxLength)
        {
            return "The JSON document is too long.";
        }

        // Free JSON members are kept unread, so that an unpaired surrogate would surface only when they are written again.
        return utf8.IndexOf("\\u"u8) >= 0 && !IsUnicode(utf8) ? "The JSON document is not Unicode text." : null;
    }

    public static string Describe(JsonException exception)
    {
        var path = exception.Path ?? "$";
        path = path.Length > MaxPathLength ? path[..MaxPathLength] + "…" : path;
        return $"The JSON document cannot be read at {path}.";
    }

    private static bool IsUnicode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return true; // binding reports it with its place
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
