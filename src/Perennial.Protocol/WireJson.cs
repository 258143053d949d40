using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Perennial.Protocol;

/// <summary>Reads and writes the JSON documents of the wire.</summary>
/// <remarks>
/// Output is pure ASCII: other characters are escaped, because some clients strip the high bit (dps-protocol §1.6).
/// Input may hold unknown members; duplicate names, more than 32 levels and text that is not Unicode are refused.
/// </remarks>
public static class WireJson
{
    /// <summary>The content type of every JSON body, <c>application/json; charset=utf-8</c> (dps-protocol §12.3).</summary>
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>The longest document that is read, 1 MiB.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Writes a document as UTF-8.</summary>
    /// <typeparam name="T">The kind of document.</typeparam>
    /// <param name="document">The document.</param>
    /// <returns>The bytes, all of them ASCII.</returns>
    public static byte[] ToUtf8<T>(T document)
        where T : class, IWireDocument<T>
        => JsonSerializer.SerializeToUtf8Bytes(document, T.TypeInfo);

    /// <summary>Writes documents as one JSON array; an empty list gives <c>[]</c>.</summary>
    /// <typeparam name="T">The kind of document.</typeparam>
    /// <param name="documents">The documents.</param>
    /// <returns>The bytes, all of them ASCII.</returns>
    public static byte[] ToUtf8Array<T>(IReadOnlyCollection<T> documents)
        where T : class, IWireDocument<T>
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var document in documents)
            {
                JsonSerializer.Serialize(writer, document, T.TypeInfo);
            }

            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a document.</summary>
    /// <typeparam name="T">The kind of document.</typeparam>
    /// <param name="utf8">The bytes as received.</param>
    /// <param name="document">The document, when it could be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse<T>(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out T? document)
        where T : class, IWireDocument<T>
        => TryParse(utf8, out document, out _);

    /// <summary>Reads a document and tells what is wrong with it otherwise.</summary>
    /// <typeparam name="T">The kind of document.</typeparam>
    /// <param name="utf8">The bytes as received.</param>
    /// <param name="document">The document, when it could be read.</param>
    /// <param name="fault">One short sentence for the caller that names the place in the document, when it could not be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse<T>(
        ReadOnlySpan<byte> utf8,
        [NotNullWhen(true)] out T? document,
        [NotNullWhen(false)] out string? fault)
        where T : class, IWireDocument<T>
    {
        document = null;
        fault = JsonText.FindFault(utf8, MaxLength);
        if (fault is not null)
        {
            return false;
        }

        try
        {
            document = JsonSerializer.Deserialize(utf8, T.TypeInfo);
        }
        catch (JsonException exception)
        {
            fault = JsonText.Describe(exception);
            return false;
        }
        catch (ArgumentException)
        {
            // How a free JSON object tells that one name comes twice.
            fault = "The JSON document holds a name twice in one object.";
            return false;
        }

        fault = document is null ? "The JSON document is null." : null;
        return fault is null;
    }
}
