using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Perennial.Hub.Access;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Hub;
using Perennial.Server.Connections;
using Perennial.Server.Hubs;
using Perennial.X509;
using DeviceId = Perennial.Hub.Devices.DeviceId;
using TelemetryMessage = Perennial.Hub.Messages.TelemetryMessage;
using WireMessage = Perennial.Protocol.Hub.TelemetryMessage;

namespace Perennial.Server.Http;

/// <summary>Telemetry of devices over HTTPS (hub-protocol §2.1).</summary>
internal sealed class TelemetryEndpoint(ServedHubs hubs, Action<Refusal, string> note, TimeProvider time)
{
    public async Task SendAsync(HttpContext context)
    {
        // The longest batch is longer than other bodies may be.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = TelemetryBatch.MaxLength + 1;
        }

        await (await AnswerAsync(context)).WriteAsync(context, time);
    }

    private async Task<HubReply> AnswerAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["id"]!;
        var hub = hubs.FindByHost(context.Request.Host.Host);
        if (hub is null || !DeviceId.TryParse(name, out var id))
        {
            note(new Refusal(HubRefusals.InvalidDeviceId, $"The device '{name}' asks '{context.Request.Host}'."), name);
            return Unauthorized();
        }

        if (await AuthenticateAsync(context, hub, id) is not DeviceVerdict.Accepted accepted)
        {
            return Unauthorized();
        }

        var (messages, fault) = await ReadAsync(context, new DeviceMessages(accepted, null, time));
        if (messages is null)
        {
            return fault!;
        }

        hub.Sessions.Touch(id);
        await hub.Feed.AppendAsync(messages, context.RequestAborted);
        return HubReply.NoContent;
    }

    private async Task<DeviceVerdict> AuthenticateAsync(HttpContext context, ServedHub hub, DeviceId id)
    {
        var verdict = TryReadCredential(context, hub, id, out var presented, out var refusal)
            ? await hub.Authenticate.RunAsync(id, await CompleteAsync(hub, presented, context.RequestAborted), context.RequestAborted)
            : new DeviceVerdict.Refused(id.Value, presented, time.GetUtcNow(), refusal);
        if (verdict is DeviceVerdict.Refused refused)
        {
            note(refused.Refusal, refused.DeviceId);
        }

        if (verdict is DeviceVerdict.Refused || IsFirst(context, hub, id))
        {
            await hub.Ledger.RecordAsync(verdict, context.RequestAborted);
        }

        return verdict;
    }

    private static async Task<PresentedCredential> CompleteAsync(ServedHub hub, PresentedCredential presented, CancellationToken cancellationToken) =>
        presented is PresentedCredential.ByCertificate { Chain: var chain }
            ? new PresentedCredential.ByCertificate(await hub.Issuers.CompleteAsync(chain, cancellationToken))
            : presented;

    // A handshake is sighted once, though each request of its connection is checked.
    private static bool IsFirst(HttpContext context, ServedHub hub, DeviceId id) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.TryAdd((hub.Name, id), null) ?? true;

    private static bool TryReadCredential(
        HttpContext context, ServedHub hub, DeviceId id, out PresentedCredential presented, [NotNullWhen(false)] out Refusal? refusal)
    {
        refusal = null;
        presented = new PresentedCredential.Nothing();
        if (context.Request.Headers.Authorization is { Count: > 0 } header)
        {
            if (!TokenReading.TryRead(header, hub.HostName, TokenReading.PathOf(id), out var token))
            {
                refusal = new Refusal(SasRefusals.Unreadable, "The Authorization header holds no shared access signature.");
                return false;
            }

            presented = new PresentedCredential.ByToken(token);
            return true;
        }

        if (context.Features.Get<PresentedCertificates>() is { IsEmpty: false } certificates)
        {
            if (!certificates.TryGetChain(out var chain, out refusal))
            {
                return false;
            }

            presented = new PresentedCredential.ByCertificate(chain);
        }

        return true;
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

    private static HubReply Unauthorized() => HubReply.Fail(HubError.Unauthorized, "Unauthorized");
}
