using System.Text.Json;
using System.Text.Unicode;

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

        // Free JSON members are kept unread, so that text which is not Unicode would surface only when they are written again.
        var isUnicode = Utf8.IsValid(utf8) && (utf8.IndexOf("\\u"u8) < 0 || HasPairedSurrogates(utf8));
        return isUnicode ? null : "The JSON document is not Unicode text.";
    }

    public static string Describe(JsonException exception)
    {
        var path = exception.Path ?? "$";
        path = path.Length > MaxPathLength ? path[..MaxPathLength] + "…" : path;
        return $"The JSON document cannot be read at {path}.";
    }

    private static bool HasPairedSurrogates(ReadOnlySpan<byte> utf8)
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
