using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Perennial.Authority.Issuance;
using Perennial.Authority.Keys;
using Perennial.Authority.Revocation;

namespace Perennial.Server.Http;

/// <summary>
/// Revocation lists and OCSP below <c>/pki</c>, on the portal's plain HTTP port as well as over HTTPS: who checks a certificate cannot
/// trust the TLS of its issuer yet, and what is served is signed.
/// </summary>
internal sealed class RevocationPages(IssueRevocationList lists, AnswerOcsp ocsp, TimeProvider time)
{
    private const int MaxRequest = 4 * 1024;
    private const int MaxPath = 6 * 1024;
    private const string ListEnding = ".crl";
    private const string OcspRequestType = "application/ocsp-request";

    private static readonly TimeSpan ListCache = TimeSpan.FromHours(1);

    public void Use(WebApplication app) => app.Use((context, next) =>
        context.Request.Path.StartsWithSegments(RevocationPlaces.Prefix, out var rest) ? AnswerAsync(context, rest.Value ?? string.Empty) : next(context));

    private Task AnswerAsync(HttpContext context, string rest)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (rest == "/ocsp" && HttpMethods.IsPost(context.Request.Method))
        {
            return AnswerPostAsync(context);
        }

        if (isRead && rest.StartsWith("/ocsp/", StringComparison.Ordinal))
        {
            return AnswerGetAsync(context, rest["/ocsp/".Length..]);
        }

        if (isRead && rest.EndsWith(ListEnding, StringComparison.Ordinal))
        {
            return WriteListAsync(context, rest[1..^ListEnding.Length]);
        }

        context.Response.StatusCode = isRead ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }

    private async Task AnswerPostAsync(HttpContext context)
    {
        if (!string.Equals(context.Request.ContentType, OcspRequestType, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var body = new byte[MaxRequest + 1];
        var length = await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
        await WriteOcspAsync(context, body.AsMemory(0, length));
    }

    // RFC 6960 A.1: base64 in the path, percent-encoded; a server has decoded all but the slashes of it.
    private Task AnswerGetAsync(HttpContext context, string path)
    {
        var text = path.Length <= MaxPath ? Uri.UnescapeDataString(path) : string.Empty;
        var bytes = new byte[MaxPath];
        return WriteOcspAsync(context, Convert.TryFromBase64String(text, bytes, out var length) ? bytes.AsMemory(0, length) : default);
    }

    private async Task WriteOcspAsync(HttpContext context, ReadOnlyMemory<byte> request)
    {
        var answer = await ocsp.RunAsync(request, context.RequestAborted);
        context.Response.ContentType = "application/ocsp-response";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = answer.Length;
        await WriteAsync(context, answer);
    }

    private async Task WriteListAsync(HttpContext context, string slotId)
    {
        StoredRevocationList? list;
        try
        {
            list = await lists.RunAsync(slotId, context.RequestAborted);
        }
        catch (KeyUnavailableException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = IssueCertificate.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return;
        }

        if (list is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await WriteListAsync(context, list);
    }

    private Task WriteListAsync(HttpContext context, StoredRevocationList list)
    {
        var tag = $"\"{Convert.ToHexString(SHA256.HashData(list.Der.Span), 0, 16)}\"";
        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.LastModified = HeaderUtilities.FormatDate(list.Issued);
        var left = list.NextUpdate - time.GetUtcNow();
        headers.CacheControl = string.Create(
            CultureInfo.InvariantCulture, $"max-age={Math.Max(0, (left < ListCache ? left : ListCache).TotalSeconds):0}, must-revalidate");
        if (context.Request.Headers.IfNoneMatch.Contains(tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/pkix-crl";
        context.Response.ContentLength = list.Der.Length;
        return WriteAsync(context, list.Der);
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }
}
