using System.Collections.Concurrent;
using System.Text.Json;
using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;

namespace Perennial.Hub.Methods;

/// <summary>Asks a direct method of a connected device and waits for its answer. Calls run side by side; nothing is kept for later.</summary>
public sealed class InvokeMethod(IDeviceStore devices, SessionRegistry sessions, TimeProvider time)
{
    /// <summary>A caller's own time-out is the same as the device's, so it is answered a little before (hub-protocol §4.8).</summary>
    public static readonly TimeSpan AnswerMargin = TimeSpan.FromMilliseconds(500);

    private static readonly JsonElement Null = JsonElement.Parse("null"u8);

    private readonly ConcurrentDictionary<Guid, PendingCall> _calls = new();
    private readonly ConcurrentDictionary<DeviceId, TaskCompletionSource> _awaited = new();

    public async Task<MethodOutcome> RunAsync(DeviceId id, MethodRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(request);
        if (await devices.FindAsync(id, cancellationToken) is null)
        {
            return new MethodOutcome.NoDevice();
        }

        return await ReachAsync(id, request.ConnectTime, cancellationToken) is { } connection
            ? await CallAsync(id, connection, request, cancellationToken)
            : new MethodOutcome.NotOnline();
    }

    /// <summary>A transport tells that a device takes methods from now on (<see cref="ILiveConnection.TakesMethods"/>).</summary>
    public void NoteReady(DeviceId id)
    {
        if (_awaited.TryRemove(id, out var waiting))
        {
            waiting.TrySetResult();
        }
    }

    /// <summary>A device's answer. One that nobody waits for, or of another device's call, is passed over.</summary>
    /// <param name="id">The device that answers.</param>
    /// <param name="call">The id of the call.</param>
    /// <param name="status">The status that the device's code chose.</param>
    /// <param name="payload">JSON, or nothing.</param>
    public void Answer(DeviceId id, Guid call, int status, ReadOnlySpan<byte> payload)
    {
        if (_calls.TryGetValue(call, out var pending) && pending.Device == id)
        {
            pending.Answer.TrySetResult(TryRead(payload, out var json) ? new MethodOutcome.Answered(status, json) : new MethodOutcome.BadAnswer());
        }
    }

    private async Task<ILiveConnection?> ReachAsync(DeviceId id, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        if (connectTime == TimeSpan.Zero)
        {
            return Find(id);
        }

        using var late = new CancellationTokenSource(connectTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        while (true)
        {
            // First the wait, then the look: a device that comes between the two ends the wait.
            var ready = _awaited.GetOrAdd(id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (Find(id) is { } connection)
            {
                return connection;
            }

            try
            {
                await ready.Task.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                // Whoever else waits for the device begins another wait.
                NoteReady(id);
                cancellationToken.ThrowIfCancellationRequested();
                return null;
            }
        }
    }

    private ILiveConnection? Find(DeviceId id) => sessions.Find(id)?.Connection is { TakesMethods: true } connection ? connection : null;

    private async Task<MethodOutcome> CallAsync(
        DeviceId id, ILiveConnection connection, MethodRequest request, CancellationToken cancellationToken)
    {
        var call = new MethodCall(Guid.NewGuid(), request.Name, request.Payload);
        var pending = new PendingCall(id);
        _calls[call.Id] = pending;
        try
        {
            connection.Call(call);
            return await pending.Answer.Task.WaitAsync(request.ResponseTime - AnswerMargin, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new MethodOutcome.NoAnswer();
        }
        finally
        {
            _calls.TryRemove(call.Id, out _);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> payload, out JsonElement json)
    {
        json = Null;
        if (payload.IsEmpty)
        {
            return true;
        }

        try
        {
            json = payload.Length <= MethodRequest.MaxPayload ? JsonElement.Parse(payload) : default;
            return json.ValueKind != JsonValueKind.Undefined;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record PendingCall(DeviceId Device)
    {
        public TaskCompletionSource<MethodOutcome> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
