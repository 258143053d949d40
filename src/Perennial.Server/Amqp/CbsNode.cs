using Amqp;
using Amqp.Framing;
using Perennial.Hub.Access;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Sas;
using Perennial.Server.Hubs;
using Perennial.X509;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Amqp;

/// <summary>
/// <c>$cbs</c>: takes shared access signatures for hubs of this process, of devices and of policies, and keeps the good ones with the
/// connection (hub-protocol §3.2). A token is judged by its own resource; the name beside it counts for nothing.
/// </summary>
internal sealed class CbsNode(AmqpPeer peer, ServedHubs hubs, Action<Refusal, string> note, TimeProvider time) : IAmqpNode, IIncomingEndpoint
{
    public const string Address = "$cbs";

    private readonly ReplyLinks _replies = new();

    public ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AttachAnswer?>(
            !request.Address.Is(Address) ? null
            : request.PeerSends ? new AttachAnswer.Receiving(this)
            : new AttachAnswer.Sending(_replies.Open()));

    public async Task<Outcome> TakeAsync(IncomingMessage message)
    {
        var request = message.Decode();
        var refusal = TokenOf(request) is { } token
            ? await JudgeAsync(token)
            : new Refusal(SasRefusals.Unreadable, "The body of put-token is no shared access signature.");
        if (refusal is not null)
        {
            note(refusal, peer.HostName ?? "a connection");
        }

        var answer = new Message { Properties = new Properties(), ApplicationProperties = new ApplicationProperties() };
        answer.ApplicationProperties["status-code"] = refusal is null ? 200 : 401;
        answer.ApplicationProperties["status-description"] = refusal is null ? "OK" : "Unauthorized";
        answer.BodySection = new AmqpValue { Value = string.Empty };
        _replies.Post(request, answer);
        return new Accepted();
    }

    public void Detached()
    {
        // Tokens stay with the connection.
    }

    private static SharedAccessSignature? TokenOf(Message request) =>
        request.ApplicationProperties?["operation"] as string == "put-token"
        && request.BodySection is AmqpValue { Value: string text }
        && SharedAccessSignature.TryParse(text, out var token)
            ? token
            : null;

    private async Task<Refusal?> JudgeAsync(SharedAccessSignature token)
    {
        if (!SasResource.TryParse(token.RawResource, out var resource) || hubs.FindByHost(resource.Host) is not { } hub)
        {
            return new Refusal(SasRefusals.WrongResource, $"The token is for '{token.RawResource}', which is no hub here.");
        }

        var refusal = token.KeyName is null
            ? await JudgeDeviceAsync(hub, token, resource)
            : hub.Callers.TryAuthorize(TokenReading.Of(token, hub.HostName, [.. resource.Path]), HubPermissions.None, out _, out var denied) ? null : denied;
        return refusal is null && !peer.Tokens.TryAdd(token, time.GetUtcNow())
            ? new Refusal(SasRefusals.Unreadable, $"More than {PutTokens.Max} tokens were put on one connection.")
            : refusal;
    }

    private static async Task<Refusal?> JudgeDeviceAsync(ServedHub hub, SharedAccessSignature token, SasResource resource)
    {
        if (IdentityOf(resource.Path) is not { } id)
        {
            return new Refusal(SasRefusals.WrongResource, $"The token is for '{token.RawResource}', which is no device.");
        }

        var presented = new PresentedCredential.ByToken(TokenReading.Of(token, hub.HostName, [.. resource.Path]));
        var verdict = await hub.Authenticate.RunAsync(id, presented, CancellationToken.None);
        if (verdict is not DeviceVerdict.Refused refused)
        {
            return null;
        }

        await hub.Ledger.RecordAsync(verdict, CancellationToken.None);
        return refused.Refusal;
    }

    private static DeviceId? IdentityOf(IReadOnlyList<string> path)
    {
        var (device, module) = path switch
        {
            ["devices", var name, "modules", var part, ..] => (name, part),
            ["devices", var name, ..] => (name, null),
            _ => (null, (string?)null),
        };
        return DeviceId.TryParse(Decoded(device), Decoded(module), out var id) ? id : null;
    }

    private static string? Decoded(string? segment) => segment is null ? null : Uri.UnescapeDataString(segment);
}
