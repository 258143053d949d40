using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Perennial.Server.Http;

/// <summary>Request bodies, bounded before they are kept.</summary>
internal static class RequestBody
{
    /// <summary>Reads the whole body.</summary>
    /// <returns>Null when it is longer than allowed.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context, int maxLength)
    {
        if (context.Request.ContentLength > maxLength)
        {
            return null;
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > maxLength)
            {
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Whether the request says that its body is something else than JSON.</summary>
    public static bool IsForeign(HttpContext context) =>
        context.Request.ContentType is { Length: > 0 } type && !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
}
