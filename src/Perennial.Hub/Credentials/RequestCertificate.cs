using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.X509;

namespace Perennial.Hub.Credentials;

/// <summary>
/// A connected device asks for its next certificate: one request at a time, whose result waits for the device when it is away
/// (hub-protocol §7.3). Requests are held in memory; after a restart the device asks again, and the same request gets the same certificate. One that
/// was refused is made anew when it comes again: its turn may have come, or what was amiss may have been mended.
/// </summary>
/// <param name="issuance">Issues certificates.</param>
/// <param name="note">Told of each refusal, with the device's id.</param>
/// <param name="failed">Told why a certificate could not be issued though nothing was refused; it is tried again.</param>
/// <param name="time">The clock.</param>
public sealed class RequestCertificate(
    ICredentialIssuance issuance, Action<Refusal, string> note, Action<Exception> failed, TimeProvider time) : IDisposable
{
    /// <summary>How long a request may take, and a result waits.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Requests and results held at once.</summary>
    public const int MaxHeld = 20_000;

    /// <summary>As a replacement: whatever request is under way.</summary>
    public const string ReplaceAny = "*";

    /// <summary>Until a request is tried again that failed by a fault of this service.</summary>
    public static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<DeviceId, CredentialOperation> _held = [];

    /// <param name="device">The device as it connected.</param>
    /// <param name="requestId">The id of the request.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="replace">The id of the request to replace, <see cref="ReplaceAny"/>, or null.</param>
    public CredentialOutcome Run(DeviceVerdict.Accepted device, string requestId, CertificateSigningRequest request, string? replace)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(request);
        var asked = Thumbprint.Of(request.Der.Span);
        lock (_gate)
        {
            var held = FindHeld(device.Device.Id);
            if (held is { IsRefused: false } && held.RequestId == requestId && held.Request == asked)
            {
                return new CredentialOutcome.Accepted(held);
            }

            var pending = held is { IsPending: true } ? held : null;
            if (replace is not (null or ReplaceAny) && pending?.RequestId != replace)
            {
                return new CredentialOutcome.NothingToReplace(pending);
            }

            if (pending is not null && replace is null)
            {
                return new CredentialOutcome.Active(pending);
            }

            pending?.Stop();
            return held is null && !HasRoom() ? new CredentialOutcome.Busy(ShortestPause * 30) : new CredentialOutcome.Accepted(Begin(device, requestId, request, asked));
        }
    }

    /// <summary>The device's request or result; null when there is none, or it was dropped.</summary>
    public CredentialOperation? Find(DeviceId id)
    {
        lock (_gate)
        {
            return FindHeld(id);
        }
    }

    /// <summary>The device was told that its request was refused: that is not told again.</summary>
    public void NoteTold(DeviceId id, CredentialOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        lock (_gate)
        {
            if (operation.IsRefused && _held.GetValueOrDefault(id) == operation)
            {
                _held.Remove(id);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var operation in _held.Values)
            {
                operation.Stop();
            }
        }
    }

    private CredentialOperation Begin(DeviceVerdict.Accepted device, string requestId, CertificateSigningRequest request, Thumbprint asked)
    {
        // It is linked to nothing, so it goes with the operation.
        var operation = new CredentialOperation(requestId, asked, time.GetUtcNow() + Lifetime, new CancellationTokenSource());
        _held[device.Device.Id] = operation;
        operation.Answer = Task.Run(() => IssueAsync(device, request, operation), CancellationToken.None);
        return operation;
    }

    private async Task<CredentialAnswer> IssueAsync(DeviceVerdict.Accepted device, CertificateSigningRequest request, CredentialOperation operation)
    {
        while (true)
        {
            var answer = await AskAsync(device, request, operation.Stopped);
            if (answer is not CredentialAnswer.NotDecided waiting)
            {
                if (answer is CredentialAnswer.Failed failed)
                {
                    note(failed.Refusal, device.DeviceId);
                }

                return answer;
            }

            var pause = waiting.RetryAfter < ShortestPause ? ShortestPause : waiting.RetryAfter;
            if (time.GetUtcNow() + pause > operation.Expires)
            {
                throw new OperationCanceledException();
            }

            await Task.Delay(pause, time, operation.Stopped);
        }
    }

    // A fault of this service is not the device's: its request goes on until it can be answered, or its time is over.
    private async Task<CredentialAnswer> AskAsync(DeviceVerdict.Accepted device, CertificateSigningRequest request, CancellationToken stopped)
    {
        try
        {
            return await issuance.IssueAsync(device, request, stopped);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            failed(exception);
            return new CredentialAnswer.NotDecided(PauseAfterFault);
        }
    }

    private CredentialOperation? FindHeld(DeviceId id) =>
        _held.TryGetValue(id, out var held) && held.Expires > time.GetUtcNow() && !held.Answer.IsCanceled ? held : null;

    // What was dropped makes room; it is looked for only when there is none.
    private bool HasRoom()
    {
        if (_held.Count < MaxHeld)
        {
            return true;
        }

        foreach (var id in _held.Keys.Where(id => FindHeld(id) is null).ToList())
        {
            _held.Remove(id);
        }

        return _held.Count < MaxHeld;
    }
}
