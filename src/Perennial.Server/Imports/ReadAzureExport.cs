using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;

namespace Perennial.Server.Imports;

/// <summary>
/// Reads enrollments and groups as Azure's service API or <c>az iot dps enrollment list</c> prints them: an array, one document, or a document with
/// arrays. An array is read as it is worked on, so it may be of any size.
/// </summary>
internal sealed class ReadAzureExport(TakeAzureEnrollment take)
{
    private const int MaxDocument = 64 * 1024 * 1024;
    private const int MaxDepth = 32;

    private static readonly JsonSerializerOptions Bounded = new() { MaxDepth = MaxDepth };

    /// <summary>The rows, numbered from 1.</summary>
    public async IAsyncEnumerable<ImportRow> RunAsync(
        Stream file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var text = await ToUtf8Async(file, cancellationToken);
        var row = 0L;
        await foreach (var item in ItemsOf(text, cancellationToken))
        {
            row++;
            yield return item is JsonObject document ? take.Run(row, document) : new ImportRow.Faulty(row, string.Empty, "This is no JSON object.");
        }
    }

    private static async IAsyncEnumerable<JsonNode?> ItemsOf(Stream text, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await IsArrayAsync(text, cancellationToken))
        {
            await foreach (var item in JsonSerializer.DeserializeAsyncEnumerable<JsonNode>(text, Bounded, cancellationToken))
            {
                yield return item;
            }

            yield break;
        }

        if (text.Length > MaxDocument)
        {
            throw new OperatorException($"the export is one document of more than {MaxDocument} bytes; export lists as arrays, one for each kind.");
        }

        var whole = await JsonNode.ParseAsync(text, documentOptions: new() { MaxDepth = MaxDepth }, cancellationToken: cancellationToken);
        var lists = (whole as JsonObject)?.Select(member => member.Value).OfType<JsonArray>().Where(list => list.Any(item => TakeAzureEnrollment.NounOf(item) is not null)).ToList() ?? [];
        foreach (var item in TakeAzureEnrollment.NounOf(whole) is not null || lists.Count == 0 ? [whole] : lists.SelectMany(list => list))
        {
            yield return item;
        }
    }

    // A shell of Windows writes what it redirects as UTF-16, and marks UTF-8 at its beginning.
    private static async Task<Stream> ToUtf8Async(Stream file, CancellationToken cancellationToken)
    {
        var mark = new byte[3];
        var length = await file.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellationToken);
        file.Position = mark.AsSpan(0, length).StartsWith(Encoding.UTF8.Preamble) ? 3 : mark is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] ? 2 : 0;
        if (file.Position != 2)
        {
            return file;
        }

        var decoded = new MemoryStream();
        if (file.Length > MaxDocument)
        {
            throw new OperatorException($"the export is UTF-16 and larger than {MaxDocument} bytes; write it as UTF-8.");
        }

        await using var transcoding = Encoding.CreateTranscodingStream(file, mark[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode, Encoding.UTF8);
        await transcoding.CopyToAsync(decoded, cancellationToken);
        decoded.Position = 0;
        return decoded;
    }

    private static async Task<bool> IsArrayAsync(Stream text, CancellationToken cancellationToken)
    {
        var (start, buffer) = (text.Position, new byte[256]);
        var length = await text.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        text.Position = start;
        return buffer.AsSpan(0, length).TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
    }
}
