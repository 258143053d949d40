using MQTTnet.Packets;
using Perennial.Protocol.Rolling;
using Perennial.Server.Mqtt;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>
/// A device as its maker would write it: asks the provisioning service for its hub, sends telemetry at a steady rhythm, sends again what was
/// not acknowledged, comes back when it is cut off, and rolls its certificate when its desired properties say so.
/// </summary>
internal sealed class SandboxDevice : IAsyncDisposable
{
    public const string ClientType = "perennial-sandbox/1";

    private readonly FleetSurroundings _surroundings;
    private readonly ReachHub _reach;
    private readonly GapClock _gaps;
    private readonly HeldCredentials _held;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _silence = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _asleep;
    private DeviceLink? _live;
    private Task<DeviceLink?> _following = Task.FromResult<DeviceLink?>(null);
    private DateTimeOffset _followed;
    private Task _running = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;

    /// <param name="id">The registration id.</param>
    /// <param name="credential">What it begins with.</param>
    /// <param name="surroundings">What it shares with the fleet.</param>
    /// <param name="breaksFirst">Whether it gives up its connection before it tries a new certificate, and not after.</param>
    public SandboxDevice(string id, DeviceCredential credential, FleetSurroundings surroundings, bool breaksFirst = false)
    {
        Id = id;
        _held = new HeldCredentials(credential, nextFirst: breaksFirst);
        BreaksFirst = breaksFirst;
        Outbox = new Outbox(id);
        _surroundings = surroundings;
        _reach = new ReachHub(id, surroundings);
        _gaps = new GapClock(surroundings.Time, surroundings.Outages);
    }

    public string Id { get; }

    public bool BreaksFirst { get; }

    /// <summary>How it obtains the next certificate when it is told to roll. Null for a device that does not ask whether it is.</summary>
    public Func<SandboxDevice, CancellationToken, ValueTask<DeviceCredential>>? Obtain { get; init; }

    /// <summary>Whether it was told to roll, followed or not.</summary>
    public bool WasTold { get; private set; }

    /// <summary>What it uses.</summary>
    public DeviceCredential Credential => _held.Current;

    /// <summary>What it uses, and what it has obtained beside it and not yet seen confirmed.</summary>
    public IReadOnlyList<DeviceCredential> Held => _held.All;

    public Outbox Outbox { get; }

    public TimeSpan LongestGap => _gaps.Longest;

    /// <summary>The longest time without a connection that had to do with the server being away.</summary>
    public TimeSpan LongestGapOfOutages => _gaps.LongestOfOutages;

    /// <summary>How long it was away before the connection it has now.</summary>
    public TimeSpan LastGap => _gaps.Last;

    public bool IsConnected
    {
        get
        {
            lock (_gate)
            {
                return _live is not null;
            }
        }
    }

    /// <summary>Provisions, connects and begins to send; returns once the hub has accepted the device.</summary>
    /// <returns>False when patience ended first; the device goes on trying.</returns>
    public Task<bool> StartAsync(TimeSpan untilFirstMessage, TimeSpan rhythm, CancellationToken cancellationToken)
    {
        _running = StayConnectedAsync(_stop.Token);
        _sending = KeepRhythmAsync(untilFirstMessage, rhythm, _silence.Token);
        return EndsInTimeAsync(_connected.Task, cancellationToken);
    }

    /// <summary>
    /// Takes a new certificate. The old connection is kept until it is here, then given up for one with the new; returns once the hub has
    /// accepted that.
    /// </summary>
    /// <returns>False when patience ended first; the device goes on trying.</returns>
    public async Task<bool> RollAsync(DeviceCredential next, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DeviceLink? old;
        lock (_gate)
        {
            _held.Use(next);
            _connected = connected;
            old = _live;
            _live = null;
        }

        if (old is not null)
        {
            _gaps.ConnectionEnded();
            await old.DisconnectAsync();
        }

        return await EndsInTimeAsync(connected.Task, cancellationToken);
    }

    /// <summary>Goes offline; messages are made and kept until it wakes.</summary>
    public async Task SleepAsync()
    {
        DeviceLink? live;
        lock (_gate)
        {
            _asleep ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            live = _live;
        }

        await (live?.DisconnectAsync() ?? Task.CompletedTask);
    }

    public void Wake()
    {
        lock (_gate)
        {
            _asleep?.TrySetResult();
            _asleep = null;
        }
    }

    /// <summary>Makes no more messages; returns once the hub has acknowledged all.</summary>
    /// <returns>False when patience ended first.</returns>
    public async Task<bool> FallSilentAsync(CancellationToken cancellationToken)
    {
        await _silence.CancelAsync();
        await _sending;
        return await EndsInTimeAsync(Outbox.WhenEmptyAsync(), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _silence.CancelAsync();
        await _stop.CancelAsync();
        await _running;
        await _sending;
        await ForgetFollowedAsync();
        _silence.Dispose();
        _stop.Dispose();
    }

    private async Task ForgetFollowedAsync()
    {
        try
        {
            await using var connection = await _following;
        }
        catch (OperationCanceledException)
        {
            // It was told to stop before it had followed.
        }
    }

    private async Task<bool> EndsInTimeAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(DeviceLink.Patience, _surroundings.Time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task StayConnectedAsync(CancellationToken stop)
    {
        try
        {
            DeviceLink? followed = null;
            while (true)
            {
                await (Asleep() ?? Task.CompletedTask).WaitAsync(stop);
                await using var connection = followed ?? await _reach.RunAsync(() => _held.All, stop);
                await ServeAsync(connection, stop);
                followed = await _following;
                _following = Task.FromResult<DeviceLink?>(null);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The device was told to stop.
        }
    }

    private Task? Asleep()
    {
        lock (_gate)
        {
            return _asleep?.Task;
        }
    }

    private async Task ServeAsync(DeviceLink connection, CancellationToken stop)
    {
        if (TakeUp(connection) is not { } unacknowledged)
        {
            await connection.DisconnectAsync();
            return;
        }

        try
        {
            await ResumeAsync(connection, unacknowledged, stop);
            while (await connection.ReceiveAsync(stop) is { } packet)
            {
                if (packet is MqttPubAckPacket acknowledgement)
                {
                    Outbox.Acknowledge(acknowledgement.PacketIdentifier);
                }
                else if (Obtain is not null && DesiredWindow.Find(packet) is { } window)
                {
                    Heed(connection, window, stop);
                }
            }
        }
        catch (MqttProtocolException)
        {
            _surroundings.Refusals.Add("hub: broke the protocol");
        }
        finally
        {
            Lose(connection);
        }
    }

    private async Task ResumeAsync(DeviceLink connection, IReadOnlyList<OutgoingMessage> unacknowledged, CancellationToken stop)
    {
        try
        {
            await (Obtain is null ? Task.CompletedTask : DesiredWindow.AskAsync(connection, stop));
        }
        catch (IOException)
        {
            // Over already, as the first receive will say.
        }

        foreach (var message in unacknowledged)
        {
            await SendAsync(connection, message);
        }
    }

    private void Heed(DeviceLink connection, RollWindowDocument window, CancellationToken stop)
    {
        var now = _surroundings.Time.GetUtcNow();
        WasTold = true;
        if (window.NotBefore > _followed && window.NotBefore <= now && now <= window.NotAfter && _following.IsCompleted)
        {
            _following = FollowAsync(connection, window, stop);
        }
    }

    /// <summary>
    /// Obtains the next certificate and connects with it. The old connection is kept until the hub has accepted the new one, and the old certificate
    /// until it is known which one that was.
    /// </summary>
    private async Task<DeviceLink?> FollowAsync(DeviceLink old, RollWindowDocument window, CancellationToken stop)
    {
        var next = await Obtain!(this, stop); // Looked at before anything is heeded.
        _held.Obtained(next);
        DeviceLink? connection = null;
        if (!BreaksFirst)
        {
            connection = await _reach.TryNextAsync(next, () => IsLive(old), stop);
            if (connection is null)
            {
                return null;
            }

            _held.Use(next);
        }

        _followed = window.NotBefore;
        await old.DisconnectAsync();
        return connection;
    }

    private bool IsLive(DeviceLink connection)
    {
        lock (_gate)
        {
            return _live == connection;
        }
    }

    /// <summary>Makes the connection the live one and says what to send first; null when a newer certificate has come meanwhile.</summary>
    private IReadOnlyList<OutgoingMessage>? TakeUp(DeviceLink connection)
    {
        lock (_gate)
        {
            if (!_held.All.Contains(connection.Credential))
            {
                return null;
            }

            _held.Use(connection.Credential);
            _gaps.Connected();
            _live = connection;
            _connected.TrySetResult();
            return Outbox.Unacknowledged();
        }
    }

    private void Lose(DeviceLink connection)
    {
        lock (_gate)
        {
            _live = _live == connection ? null : _live;
            if (_asleep is null)
            {
                _gaps.ConnectionEnded();
            }
        }
    }

    private async Task KeepRhythmAsync(TimeSpan untilFirstMessage, TimeSpan rhythm, CancellationToken silence)
    {
        try
        {
            await Task.Delay(untilFirstMessage, _surroundings.Time, silence);
            using var timer = new PeriodicTimer(rhythm, _surroundings.Time);
            do
            {
                await SendNextAsync();
            }
            while (await timer.WaitForNextTickAsync(silence));
        }
        catch (OperationCanceledException)
        {
            // Told to fall silent.
        }
    }

    private async Task SendNextAsync()
    {
        OutgoingMessage message;
        DeviceLink? live;
        lock (_gate)
        {
            message = Outbox.Add();
            live = _live;
        }

        if (live is not null)
        {
            await SendAsync(live, message);
        }
    }

    private static async Task SendAsync(DeviceLink connection, OutgoingMessage message)
    {
        try
        {
            await connection.SendAsync(message.NextPacket(), CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // It stays in the outbox, and is sent again over the next connection.
        }
    }
}
