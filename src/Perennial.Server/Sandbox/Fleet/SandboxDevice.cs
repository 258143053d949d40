using MQTTnet.Packets;
using Perennial.Server.Mqtt;

namespace Perennial.Server.Sandbox.Fleet;

/// <summary>
/// A device as its maker would write it: asks the provisioning service for its hub, sends telemetry at a steady rhythm, sends again what was
/// not acknowledged, and comes back when it is cut off.
/// </summary>
internal sealed class SandboxDevice : IAsyncDisposable
{
    public const string ClientType = "perennial-sandbox/1";

    private readonly FleetSurroundings _surroundings;
    private readonly ReachHub _reach;
    private readonly GapClock _gaps;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _silence = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DeviceLink? _live;
    private Task _running = Task.CompletedTask;
    private Task _sending = Task.CompletedTask;

    public SandboxDevice(string id, DeviceCredential credential, FleetSurroundings surroundings)
    {
        Id = id;
        Credential = credential;
        Outbox = new Outbox(id);
        _surroundings = surroundings;
        _reach = new ReachHub(id, surroundings);
        _gaps = new GapClock(surroundings.Time);
    }

    public string Id { get; }

    /// <summary>What it shows when it next connects.</summary>
    public DeviceCredential Credential { get; private set; }

    public Outbox Outbox { get; }

    public TimeSpan LongestGap => _gaps.Longest;

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
            Credential = next;
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
        _silence.Dispose();
        _stop.Dispose();
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
            while (true)
            {
                await using var connection = await _reach.RunAsync(() => Credential, stop);
                await ServeAsync(connection, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The device was told to stop.
        }
    }

    private async Task ServeAsync(DeviceLink connection, CancellationToken stop)
    {
        if (TakeUp(connection) is not { } unacknowledged)
        {
            await connection.DisconnectAsync();
            return;
        }

        foreach (var message in unacknowledged)
        {
            await SendAsync(connection, message);
        }

        try
        {
            while (await connection.ReceiveAsync(stop) is { } packet)
            {
                if (packet is MqttPubAckPacket acknowledgement)
                {
                    Outbox.Acknowledge(acknowledgement.PacketIdentifier);
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

    /// <summary>Makes the connection the live one and says what to send first; null when a newer certificate has come meanwhile.</summary>
    private IReadOnlyList<OutgoingMessage>? TakeUp(DeviceLink connection)
    {
        lock (_gate)
        {
            if (connection.Credential != Credential)
            {
                return null;
            }

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
        }

        _gaps.ConnectionEnded();
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
