using System.Globalization;
using Microsoft.AspNetCore.Http;
using Perennial.Protocol;
using Perennial.Protocol.Hub;
using Perennial.Server.Limits;

namespace Perennial.Server.Http;

/// <summary>What a hub answers to one request.</summary>
internal sealed record HubReply
{
    public static HubReply NoContent { get; } = new() { Status = StatusCodes.Status204NoContent };

    public int Status { get; init; } = StatusCodes.Status200OK;

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = WireJson.ContentType;

    /// <summary>Without quotes.</summary>
    public string? ETag { get; init; }

    /// <summary>Where the next page begins; null on the last one, which then has no header at all (hub-protocol §10.1).</summary>
    public string? Continuation { get; init; }

    public string? ItemType { get; init; }

    /// <summary>Further headers, none of those above.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>How long the caller is to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public HubError? Error { get; init; }

    /// <summary>Whether the error is told as text inside its envelope, as those of method calls are (hub-protocol §4.7).</summary>
    public bool IsNested { get; init; }

    /// <summary>What the caller may know of the error.</summary>
    public string Detail { get; init; } = string.Empty;

    public static HubReply Of<T>(T document, string? etag = null)
        where T : class, IWireDocument<T> => new() { Body = WireJson.ToUtf8(document), ETag = etag };

    public static HubReply Fail(HubError error, string detail) => new() { Status = error.HttpStatus, Error = error, Detail = detail };

    public static HubReply FailNested(HubError error, string detail) => Fail(error, detail) with { IsNested = true };

    public static HubReply Throttled(HubOperation operation, TimeSpan wait) =>
        Fail(HubError.Throttled, $"Throttling on {operation}: try again in {SecondsOf(wait)} s.") with { RetryAfter = wait };

    public async Task WriteAsync(HttpContext context, TimeProvider time)
    {
        var body = Error is null ? Body : WireJson.ToUtf8(Envelope(Error, time.GetUtcNow()));
        var headers = context.Response.Headers;
        context.Response.StatusCode = Status;
        Set(WireHeader.HubErrorCode, Error?.Name);
        Set("ETag", ETag is null ? null : $"\"{ETag}\"");
        Set(WireHeader.Continuation, Continuation);
        Set(WireHeader.ItemType, ItemType);
        foreach (var (name, value) in Headers)
        {
            Set(name, value);
        }

        Set("Retry-After", RetryAfter is { } wait ? SecondsOf(wait) : null);
        if (body is { } bytes)
        {
            context.Response.ContentType = ContentType;
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }

        void Set(string name, string? value)
        {
            if (value is not null)
            {
                headers[name] = value;
            }
        }
    }

    private HubErrorEnvelope Envelope(HubError error, DateTimeOffset at) => IsNested
        ? error.ToNestedEnvelope(Detail, Guid.NewGuid(), at)
        : error.ToEnvelope(Detail, Guid.NewGuid(), at);

    private static string SecondsOf(TimeSpan wait) => Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
