using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Perennial.Protocol.Hub;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using TelemetryMessage = Perennial.Hub.Messages.TelemetryMessage;
using WireMessage = Perennial.Protocol.Hub.TelemetryMessage;

namespace Perennial.Server.Http;

/// <summary>Telemetry of devices over HTTPS (hub-protocol §2.1).</summary>
internal static class TelemetryEndpoint
{
    public static async Task<HubReply> SendAsync(DeviceCall call, TimeProvider time)
    {
        // The longest batch is longer than other bodies may be.
        if (call.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = TelemetryBatch.MaxLength + 1;
        }

        var (messages, fault) = await ReadAsync(call.Context, new DeviceMessages(call.Verdict, null, time));
        if (messages is null)
        {
            return fault!;
        }

        if (!call.Hub.Limits.TryPass(HubOperation.Telemetry, out var wait))
        {
            return HubReply.Throttled(HubOperation.Telemetry, wait);
        }

        await call.Hub.Feed.AppendAsync(messages, call.Aborted);
        return HubReply.NoContent;
    }

    private static async Task<(IReadOnlyList<TelemetryMessage>? Messages, HubReply? Fault)> ReadAsync(HttpContext context, DeviceMessages messages)
    {
        var isBatch = context.Request.ContentType?.StartsWith(TelemetryBatch.ContentType, StringComparison.OrdinalIgnoreCase) == true;
        var body = await RequestBody.ReadAsync(context, isBatch ? TelemetryBatch.MaxLength : TelemetryMessage.MaxSize);
        if (body is not { } bytes)
        {
            return (null, HubReply.Fail(HubError.MessageTooLarge, "The message is too large."));
        }

        var read = isBatch ? ReadBatch(bytes) : ReadOne(context, bytes);
        if (read is null)
        {
            return (null, HubReply.Fail(HubError.ArgumentInvalid, "The message cannot be read."));
        }

        var made = read.Select(message => messages.Create(message.Properties, message.Body)).ToList();
        return made.Exists(message => message.Size > TelemetryMessage.MaxSize)
            ? (null, HubReply.Fail(HubError.MessageTooLarge, "The message is too large."))
            : (made, null);
    }

    private static IReadOnlyList<WireMessage>? ReadBatch(ReadOnlyMemory<byte> body) =>
        TelemetryBatch.TryParse(body.Span, out var messages) ? messages : null;

    private static WireMessage[]? ReadOne(HttpContext context, ReadOnlyMemory<byte> body)
    {
        var headers = context.Request.Headers.Select(header => KeyValuePair.Create<string, string?>(header.Key, header.Value.ToString()));
        return MessageHeaders.TryRead(headers, out var properties) ? [new WireMessage(body, properties)] : null;
    }
}
