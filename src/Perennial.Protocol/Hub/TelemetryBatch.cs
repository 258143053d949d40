using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Perennial.Protocol.Hub;

/// <summary>Several messages in one HTTP body: <c>[{"body":"aGk=","properties":{"iothub-app-p":"v"}}]</c>.</summary>
/// <remarks>The body is base64 unless <c>base64Encoded</c> is false. Source: hub-protocol §2.1.</remarks>
public static class TelemetryBatch
{
    /// <summary>The content type that says a body is a batch.</summary>
    public const string ContentType = "application/vnd.microsoft.iothub.json";

    /// <summary>The most messages of a batch.</summary>
    public const int MaxCount = 500;

    /// <summary>The longest body: a message of the greatest size in base64, with room for its JSON.</summary>
    public const int MaxLength = 384 * 1024;

    /// <summary>Reads a batch.</summary>
    /// <param name="utf8">The body as received.</param>
    /// <param name="messages">The messages in order, when all of them could be read.</param>
    /// <returns>Whether all of them could be read; a batch is stored whole or not at all.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out IReadOnlyList<TelemetryMessage>? messages)
    {
        messages = null;
        if (JsonText.FindFault(utf8, MaxLength) is not null || Read(utf8) is not { Count: <= MaxCount } items)
        {
            return false;
        }

        var list = new List<TelemetryMessage>(items.Count);
        foreach (var item in items)
        {
            if (item is null || !TryRead(item, out var message))
            {
                return false;
            }

            list.Add(message);
        }

        messages = list;
        return true;
    }

    private static List<TelemetryBatchItem?>? Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, HubJson.Default.ListTelemetryBatchItem);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool TryRead(TelemetryBatchItem item, [NotNullWhen(true)] out TelemetryMessage? message)
    {
        message = null;
        var text = item.Body ?? string.Empty;
        byte[] body;
        if (item.Base64Encoded ?? true)
        {
            body = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, body, out var written))
            {
                return false;
            }

            body = body[..written];
        }
        else
        {
            body = Encoding.UTF8.GetBytes(text);
        }

        if (!MessageHeaders.TryRead(item.Properties ?? [], out var properties))
        {
            return false;
        }

        message = new TelemetryMessage(body, properties);
        return message.Size <= TelemetryMessage.MaxSize;
    }
}
