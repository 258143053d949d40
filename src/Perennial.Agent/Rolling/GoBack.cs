using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;

namespace Perennial.Agent.Rolling;

/// <summary>
/// Follows the service's wish to go back. A connection with the certificate before proves it; until then the current one is used, and after that it is
/// kept as the one before.
/// </summary>
internal sealed class GoBack(Device device)
{
    private readonly OpenHub _hub = new(device);

    /// <returns>
    /// The connection by the certificate before; null when it is not held any more, is over, is drained, or the hub refuses it: then another one is begun.
    /// </returns>
    /// <exception cref="ExchangeException">The hub cannot be reached; nothing has changed.</exception>
    /// <exception cref="AgentException">There is no room for another one; nothing has changed.</exception>
    public async Task<HubConnection?> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (device.Credentials.Previous is { } before && device.Now <= before.NotAfter && await TryAsync(before, cancellationToken) is { } connection)
        {
            device.Journal.Write(state => Done(state) with
            {
                Credentials = state.Credentials.SwapBack(),
                Window = null,
                IsWindowOfTwin = false,
                Attempts = RollAttempts.None,
            });
            device.Log.Tell($"Back to the certificate before, {OpenHub.Short(before)}, as the service wants: the hub accepts it.");
            return connection;
        }

        // One write: a wish that counts as followed has another certificate under way.
        device.Keys.CheckRoom();
        device.Journal.Write(state => Done(state) with { Credentials = state.Credentials.Begin(Guid.NewGuid().ToString("N"), mayDropPrevious: true) });
        device.Log.Warn("The service wants the certificate before, which is not held any more or which the hub does not serve; another one is asked for.");
        return null;
    }

    /// <returns>The connection; null when the hub refuses the certificate, or would give a new one on it and do nothing else.</returns>
    private async Task<HubConnection?> TryAsync(OperationalCredential before, CancellationToken cancellationToken)
    {
        if (await _hub.TryAsync(before, cancellationToken) is not { } connection)
        {
            return null;
        }

        var isServed = false;
        try
        {
            isServed = !await IsDrainedAsync(connection, cancellationToken);
        }
        finally
        {
            if (!isServed)
            {
                await connection.DisposeAsync();
            }
        }

        return isServed ? connection : null;
    }

    // Only an answer about the twin tells that a certificate is drained; a hub without twins drains nothing.
    private static async Task<bool> IsDrainedAsync(HubConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ReadTwinAsync(cancellationToken);
        }
        catch (ExchangeException failure) when (failure.Kind == FailureKind.Refused)
        {
            return false;
        }

        return connection.IsDrained;
    }

    private static AgentState Done(AgentState state) => state with { Back = state.Back! with { IsDone = true } };
}
