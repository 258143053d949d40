using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Rolling;

/// <summary>
/// Comes to a connection by every means: the credentials that are held; when the hub refuses them all, registering again with the one in use; then a
/// new certificate from the provisioning service, at last by the onboarding credential.
/// </summary>
internal sealed class ReachHub(Device device)
{
    private readonly OpenHub _hub = new(device);

    /// <exception cref="ExchangeException">There is no connection for now.</exception>
    public async Task<HubConnection> ExecuteAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TryAsync(cancellationToken);
        }
        catch (ExchangeException failure) when (failure.Kind == FailureKind.OutOfTime)
        {
            // Not yet valid, or not any more, by a clock that may be wrong: the service says what time it is.
            if (!await device.Registration.AskTimeAsync(cancellationToken))
            {
                throw;
            }

            device.Log.Warn($"This device's clock is wrong by {device.Clock.Correction:c}; the time that the provisioning service says is used.");
            return await TryAsync(cancellationToken);
        }
    }

    private async Task<HubConnection> TryAsync(CancellationToken cancellationToken)
    {
        if (await _hub.ExecuteAsync(cancellationToken) is { } connection)
        {
            return connection;
        }

        ThrowIfAskedToWait();
        if (device.Credentials.Current is not null)
        {
            device.Log.Warn("The hub refuses every certificate of this device; it registers again.");
            if (await RegisterAgainAsync(cancellationToken) is { } again)
            {
                return again;
            }
        }

        return await new RollCertificate(device).ExecuteAsync(null, cancellationToken);
    }

    private void ThrowIfAskedToWait()
    {
        if (device.State.Attempts.RetryAt is { } asked && asked > device.Now)
        {
            throw new ExchangeException(FailureKind.Throttled, $"the service asked to wait until {asked:yyyy-MM-dd HH:mm:ss}Z", asked - device.Now);
        }
    }

    /// <returns>The connection; null when the device needs another certificate: the service knows it and the hub goes on to refuse it, or its certificate is drained.</returns>
    /// <exception cref="ExchangeException">The service refuses the device too: nothing is dropped, it may be let in again as it is.</exception>
    private async Task<HubConnection?> RegisterAgainAsync(CancellationToken cancellationToken)
    {
        var isDrained = false;
        foreach (var credential in device.Credentials.InOrder(DateTimeOffset.MinValue).ToList())
        {
            using var held = device.Held.Open(credential.Slot);
            var refused = held is null ? FailureKind.Unauthorized : await RegisterAsync(held, OpenHub.Short(credential), cancellationToken);
            isDrained |= refused == FailureKind.Drained;
            if (refused is null)
            {
                return await _hub.ExecuteAsync(cancellationToken);
            }
        }

        if (isDrained)
        {
            return null;
        }

        if (device.Configuration.Onboarding is { LastResort: true })
        {
            device.Log.Warn("The provisioning service refuses every certificate of this device; the onboarding credential is used.");
            using var factory = device.Held.OpenOnboarding();
            var symmetricKey = factory is null ? device.Held.ReadSymmetricKey() : null;
            await RecordedAsync(() => device.Registration.ExecuteAsync(factory, symmetricKey, null, cancellationToken));
            return await _hub.ExecuteAsync(cancellationToken);
        }

        // A certificate that has expired may still be good for a new one, which only a request for one shows; nothing but an expired one is lost by it.
        if (device.Credentials is { Current: { } current, Previous: null } && device.Now > current.NotAfter)
        {
            return null;
        }

        var failure = new ExchangeException(FailureKind.Unauthorized, "hub and provisioning service refuse every certificate of this device, and there is no last resort");
        device.RecordFailure(failure);
        throw failure;
    }

    /// <returns>Null when the service took it.</returns>
    private async Task<FailureKind?> RegisterAsync(ClientCredential held, string name, CancellationToken cancellationToken)
    {
        try
        {
            await RecordedAsync(() => device.Registration.ExecuteAsync(held, null, null, cancellationToken));
            return null;
        }
        catch (ExchangeException refused) when (refused.Kind is FailureKind.Unauthorized or FailureKind.Refused or FailureKind.Drained)
        {
            device.Log.Warn($"Registering with {name}: {refused.Message}.");
            return refused.Kind;
        }
    }

    private async Task RecordedAsync(Func<Task<Assignment>> register)
    {
        try
        {
            new ObtainCertificate(device).Remember(await register());
        }
        catch (ExchangeException failure) when (failure.RetryAfter is not null)
        {
            device.RecordFailure(failure);
            throw;
        }
    }
}
