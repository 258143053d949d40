using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Protocol;
using Perennial.Protocol.Provisioning;
using Perennial.Server.Storage;

namespace Perennial.Server.Http;

/// <summary>Replies of the provisioning service: JSON with its content type, a request id, an error document with every error (dps-protocol §2.1, §7.8).</summary>
internal static class Reply
{
    private const string RequestIdItem = "request-id";

    /// <summary>The id of the request, in the reply's header and in an error document alike.</summary>
    public static Guid RequestId(HttpContext context)
    {
        if (context.Items.TryGetValue(RequestIdItem, out var known))
        {
            return (Guid)known!;
        }

        var id = Guid.NewGuid();
        context.Items[RequestIdItem] = id;
        return id;
    }

    public static Task JsonAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = WireJson.ContentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers[WireHeader.RequestId] = RequestId(context).ToString("D");
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    public static Task NoContentAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers[WireHeader.RequestId] = RequestId(context).ToString("D");
        return Task.CompletedTask;
    }

    /// <summary>503 with the time to wait; the body is still to be written.</summary>
    public static void ComeAgain(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = StorageUnavailableException.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
    }

    public static Task ErrorAsync(HttpContext context, ProvisioningError error, TimeProvider time)
    {
        context.Response.Headers[WireHeader.ProvisioningErrorCode] = error.Code.ToString(CultureInfo.InvariantCulture);
        return JsonAsync(context, error.HttpStatus, WireJson.ToUtf8(error.ToDocument(RequestId(context), time.GetUtcNow())));
    }
}
