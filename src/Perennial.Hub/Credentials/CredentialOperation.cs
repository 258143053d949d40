using Perennial.X509;

namespace Perennial.Hub.Credentials;

/// <summary>One request of a device for a certificate, from its acceptance until it is replaced or dropped.</summary>
public sealed class CredentialOperation
{
    private readonly CancellationTokenSource _stop;

    internal CredentialOperation(string requestId, Thumbprint request, DateTimeOffset expires, CancellationTokenSource stop)
    {
        RequestId = requestId;
        Request = request;
        Expires = expires;
        _stop = stop;
    }

    /// <summary>As the device chose it.</summary>
    public string RequestId { get; }

    /// <summary>For the logs of both ends.</summary>
    public Guid CorrelationId { get; } = Guid.NewGuid();

    /// <summary>When the operation, or a result that was not collected, is dropped.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>What comes of it; ends cancelled when another request replaced it or it was dropped.</summary>
    public Task<CredentialAnswer> Answer { get; internal set; } = Task.FromCanceled<CredentialAnswer>(new CancellationToken(canceled: true));

    /// <summary>Whether it is still under way.</summary>
    public bool IsPending => !Answer.IsCompleted;

    /// <summary>Whether it ended without a certificate.</summary>
    public bool IsRefused => Answer is { IsCompletedSuccessfully: true, Result: CredentialAnswer.Failed };

    internal Thumbprint Request { get; }

    internal CancellationToken Stopped => _stop.Token;

    internal void Stop() => _stop.Cancel();
}
