using System.Buffers.Text;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Protocol;
using Perennial.Provisioning;

namespace Perennial.Server.Http;

/// <summary>Pages on the wire: size and continuation in, continuation and item type out, names in exactly lower case (dps-protocol §7.4).</summary>
internal static class PageHeaders
{
    /// <summary>Reads the page that is asked for; no size, or 0, means the usual one.</summary>
    public static bool TryRead(HttpContext context, [NotNullWhen(true)] out PageRequest? page)
    {
        page = null;
        var headers = context.Request.Headers;
        string? size = headers[WireHeader.MaxItemCount];
        string? continuation = headers[WireHeader.Continuation];
        var count = 0;
        if ((!string.IsNullOrEmpty(size) && !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out count))
            || !TryReadAfter(continuation, out var after))
        {
            return false;
        }

        page = new PageRequest(after, count == 0 ? PageRequest.DefaultSize : Math.Min(count, PageRequest.MaxSize));
        return true;
    }

    public static void Write(HttpContext context, string itemType, PageRequest page, string? next)
    {
        var headers = context.Response.Headers;
        headers[WireHeader.ItemType] = itemType;
        headers[WireHeader.MaxItemCount] = page.Size.ToString(CultureInfo.InvariantCulture);
        if (next is not null)
        {
            headers[WireHeader.Continuation] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(next));
        }
    }

    private static bool TryReadAfter(string? continuation, out string? after)
    {
        after = null;
        if (string.IsNullOrEmpty(continuation))
        {
            return true;
        }

        var bytes = new byte[512];
        if (continuation.Length > bytes.Length || !Base64Url.TryDecodeFromChars(continuation, bytes, out var length))
        {
            return false;
        }

        after = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }
}
