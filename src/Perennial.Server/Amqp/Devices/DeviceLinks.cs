using Amqp;
using Perennial.Hub.Sessions;
using Perennial.Hub.Twins;
using Perennial.Protocol.Sas;
using Perennial.Server.Hubs;

namespace Perennial.Server.Amqp.Devices;

/// <summary>One authenticated device on one AMQP connection: its links, and what the hub tells it.</summary>
/// <param name="hub">Its hub.</param>
/// <param name="verdict">What it was accepted for.</param>
/// <param name="modelId">The model that it announced.</param>
/// <param name="isAlone">Whether no other device is on the connection, so that the whole connection may end.</param>
/// <param name="forget">Called when the last link is gone.</param>
/// <param name="time">The clock.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A cancellation source without a timer holds nothing; it is cancelled when the links end.")]
internal sealed class DeviceLinks(
    ServedHub hub, DeviceVerdict.Accepted verdict, string? modelId, Func<bool> isAlone, Action<DeviceLinks> forget, TimeProvider time)
    : ILiveConnection
{
    private readonly Lock _gate = new();
    private readonly List<AmqpLink> _links = [];
    private CloseReason? _closed;
    private readonly CancellationTokenSource _ended = new();
    private readonly TelemetryLink _telemetry = new(hub, new DeviceMessages(verdict, modelId, time), time);
    private readonly TwinLinks _twin = new(new TwinRequests(hub, verdict.Device, time));
    private readonly MethodLinks _methods = new(hub.Methods, verdict.Device.Id);
    private readonly DeviceboundLinks _messages = new(hub, verdict.Device.Id, time);
    private LiveSession? _session;
    private IDisposable? _expiry;

    public string HostName => hub.HostName;

    public DeviceVerdict.Accepted Verdict => verdict;

    /// <summary>Whether it was ended; a new link connects the device anew.</summary>
    public bool IsClosed => _closed is not null;

    public bool TakesMethods => _methods.AreTaken;

    /// <summary>The session is in the registry.</summary>
    public void Start(LiveSession session, IDisposable? expiry)
    {
        lock (_gate)
        {
            _session = session;
            _expiry = expiry;
        }

        // It may have been closed before it was known here.
        if (IsClosed)
        {
            End();
        }
    }

    /// <summary>The end of a link of this device; null when messages do not flow in this direction.</summary>
    public AttachAnswer? Open(DeviceChannel channel, bool peerSends) => (channel, peerSends) switch
    {
        (DeviceChannel.Events, true) => Receiving(_telemetry.TakeAsync),
        (DeviceChannel.Twin, true) => Receiving(_twin.TakeAsync),
        (DeviceChannel.Methods, true) => Receiving(_methods.TakeAsync),
        (DeviceChannel.Twin, false) => new AttachAnswer.Sending(_twin.Open(LinkEnded)),
        (DeviceChannel.Methods, false) => new AttachAnswer.Sending(_methods.Open(LinkEnded)),
        (DeviceChannel.Devicebound, false) => new AttachAnswer.Sending(_messages.Open(LinkEnded)),
        (DeviceChannel.Events, false) when verdict.Device.Id.IsModule => new AttachAnswer.Sending(_messages.Open(LinkEnded)),
        _ => null,
    };

    /// <summary>Counts a link in; one that comes too late is detached.</summary>
    public void Add(AmqpLink link)
    {
        lock (_gate)
        {
            _links.Add(link);
            if (_closed is null)
            {
                return;
            }
        }

        link.Detach(ErrorOf(_closed.Value));
    }

    public void Close(CloseReason reason)
    {
        List<AmqpLink> links;
        lock (_gate)
        {
            _closed ??= reason;
            links = [.. _links];
        }

        var error = ErrorOf(reason);
        var endsConnection = isAlone();
        links.ForEach(link => link.Detach(error));
        if (links.Count > 0 && endsConnection)
        {
            links[0].Session.Connection.Close(error);
        }
    }

    public void DesiredChanged(DesiredNotice notice) => _twin.Tell(notice);

    public void MessagesWaiting() => _messages.Wake();

    public void Call(MethodCall call) => _methods.Send(call);

    /// <summary>Judges the device by a token that was put later.</summary>
    public async Task ConfirmAsync(SharedAccessSignature token)
    {
        try
        {
            var id = verdict.Device.Id;
            var presented = new PresentedCredential.ByToken(TokenReading.Of(token, hub.HostName, TokenReading.PathOf(id)));
            if (await hub.Authenticate.RunAsync(id, presented, _ended.Token) is DeviceVerdict.Accepted accepted)
            {
                _session?.Confirm(accepted);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The session goes on by the token that it has; the next check of it decides.
        }
    }

    private AttachAnswer.Receiving Receiving(Func<IncomingMessage, CancellationToken, Task<global::Amqp.Framing.Outcome>> take) =>
        new(new Incoming(this, take));

    private void LinkEnded()
    {
        lock (_gate)
        {
            _links.RemoveAll(link => link.IsEnded);
            if (_links.Count > 0)
            {
                return;
            }
        }

        End();
    }

    private static global::Amqp.Framing.Error ErrorOf(CloseReason reason) => AmqpErrors.Of(
        reason switch
        {
            // One client comes back by itself after this condition, and not after amqp:link:stolen.
            CloseReason.Superseded => ErrorCode.DetachForced,
            CloseReason.ShuttingDown => ErrorCode.ConnectionForced,
            _ => ErrorCode.UnauthorizedAccess,
        },
        reason.ToString());

    private void End()
    {
        lock (_gate)
        {
            _closed ??= CloseReason.Superseded;
        }

        _ended.Cancel();
        _expiry?.Dispose();
        if (_session is not null)
        {
            hub.Sessions.Remove(_session);
        }

        forget(this);
    }

    private sealed class Incoming(DeviceLinks device, Func<IncomingMessage, CancellationToken, Task<global::Amqp.Framing.Outcome>> take) : IIncomingEndpoint
    {
        public Task<global::Amqp.Framing.Outcome> TakeAsync(IncomingMessage message)
        {
            device.Touch();
            return take(message, device._ended.Token);
        }

        public void Detached() => device.LinkEnded();
    }

    private void Touch() => _session?.Touch(time.GetUtcNow());
}
