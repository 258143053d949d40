using Amqp;
using Amqp.Types;
using Perennial.Hub.Sessions;
using Perennial.Protocol.Sas;
using Perennial.Server.Hubs;
using Perennial.Server.Limits;
using Perennial.X509;
using DeviceId = Perennial.Hub.Devices.DeviceId;

namespace Perennial.Server.Amqp.Devices;

/// <summary>
/// The devices of one connection: one by its certificate, or many by the tokens put (hub-protocol §3). A device is connected from its first
/// link to its last.
/// </summary>
internal sealed class DeviceNode : IAmqpNode
{
    private static readonly Symbol ModelId = new("com.microsoft:model-id");

    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceId, DeviceLinks> _devices = [];
    private readonly AmqpPeer _peer;
    private readonly ServedHubs _hubs;
    private readonly Action<Refusal, string> _note;
    private readonly TimeProvider _time;

    public DeviceNode(AmqpPeer peer, ServedHubs hubs, Action<Refusal, string> note, TimeProvider time)
    {
        _peer = peer;
        _hubs = hubs;
        _note = note;
        _time = time;
        peer.Tokens.Put += Renewed;
    }

    public async ValueTask<AttachAnswer?> AttachAsync(AttachRequest request, CancellationToken cancellationToken)
    {
        if (!DeviceAddress.TryParse(request.Address, out var address))
        {
            return null;
        }

        if (_hubs.FindByHost(_peer.HostName) is not { } hub)
        {
            return AttachAnswer.Refuse(ErrorCode.NotFound, $"'{_peer.HostName}' is no hub here.");
        }

        var links = Find(address.Id);
        if (links is null && !hub.Limits.TryPass(HubOperation.Connect, out var wait))
        {
            _note(LimitRefusals.Rate(HubOperation.Connect, wait), address.Id.Value);
            return AttachAnswer.Refuse(AmqpErrors.Throttled, $"Try again in {Math.Ceiling(wait.TotalSeconds)} s.");
        }

        links ??= await ConnectAsync(hub, address.Id, request, cancellationToken);
        return links is null
            ? AttachAnswer.Refuse(ErrorCode.UnauthorizedAccess, "Unauthorized")
            : links.Open(address.Channel, request.PeerSends) is { } answer ? answer with { Made = links.Add }
            : AttachAnswer.Refuse(ErrorCode.NotAllowed, "Messages do not flow in this direction here.");
    }

    private async Task<DeviceLinks?> ConnectAsync(ServedHub hub, DeviceId id, AttachRequest request, CancellationToken cancellationToken)
    {
        var modelId = request.Attach.Properties?[ModelId] as string;
        DeviceLinks? links = null;
        var (presented, refusal) = await PresentedAsync(hub, id, cancellationToken);
        if (refusal is not null)
        {
            var refused = new DeviceVerdict.Refused(id.Value, presented, _time.GetUtcNow(), refusal);
            _note(refusal, id.Value);
            await hub.Ledger.RecordAsync(refused, cancellationToken);
            return null;
        }

        var (verdict, session) = await hub.Connect.RunAsync(
            id, presented, accepted => links = new DeviceLinks(hub, accepted, modelId, IsAlone, Forget, _time), cancellationToken);
        if (verdict is DeviceVerdict.Refused denied)
        {
            _note(denied.Refusal, denied.DeviceId);
        }

        if (session is null)
        {
            return null;
        }

        links!.Start(session, WatchToken(hub, links));
        lock (_gate)
        {
            _devices[id] = links;
        }

        await hub.Announce.RunAsync(id, modelId, cancellationToken);
        return links.IsClosed ? null : links;
    }

    // A token makes it a token device, whatever certificate the handshake brought along.
    private async Task<(PresentedCredential Presented, Refusal? Refusal)> PresentedAsync(ServedHub hub, DeviceId id, CancellationToken cancellationToken)
    {
        var path = TokenReading.PathOf(id);
        if (_peer.Tokens.TryFind(hub.HostName, path, out var token) || TokenReading.TryRead(_peer.Plain?.Password, hub.HostName, path, out token))
        {
            return (new PresentedCredential.ByToken(token), null);
        }

        if (_peer.Certificates.IsEmpty)
        {
            return (new PresentedCredential.Nothing(), null);
        }

        return _peer.Certificates.TryGetChain(out var chain, out var refusal)
            ? (new PresentedCredential.ByCertificate(await hub.Issuers.CompleteAsync(chain, cancellationToken)), null)
            : (new PresentedCredential.Nothing(), refusal);
    }

    private IDisposable? WatchToken(ServedHub hub, DeviceLinks links)
    {
        if (links.Verdict.Presented is not PresentedCredential.ByToken { Token: var token })
        {
            return null;
        }

        var path = TokenReading.PathOf(links.Verdict.Device.Id);
        return _peer.Tokens.TryFind(hub.HostName, path, out _)
            ? _peer.Tokens.WatchExpiry(hub.HostName, path, () => links.Close(CloseReason.TokenExpired), _time)
            : new TokenWatch(() => TokenWatch.EndOf(token.Expires, links.Verdict.At), () => links.Close(CloseReason.TokenExpired), _time);
    }

    // The session is judged by its last token, and the older one ends.
    private void Renewed(SharedAccessSignature token)
    {
        List<DeviceLinks> covered;
        lock (_gate)
        {
            covered = [.. _devices.Values.Where(links => links.Verdict.Presented is PresentedCredential.ByToken
                && token.Covers(links.HostName, StringComparison.Ordinal, TokenReading.PathOf(links.Verdict.Device.Id)))];
        }

        foreach (var links in covered)
        {
            _ = links.ConfirmAsync(token);
        }
    }

    private DeviceLinks? Find(DeviceId id)
    {
        lock (_gate)
        {
            return _devices.GetValueOrDefault(id) is { IsClosed: false } links ? links : null;
        }
    }

    private bool IsAlone()
    {
        lock (_gate)
        {
            return _devices.Count <= 1;
        }
    }

    private void Forget(DeviceLinks links)
    {
        lock (_gate)
        {
            if (_devices.GetValueOrDefault(links.Verdict.Device.Id) == links)
            {
                _devices.Remove(links.Verdict.Device.Id);
            }
        }
    }
}
