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

    /// <returns>The connection by the certificate before; null when it is not held any more, is over, or the hub refuses it: then another one is to be asked for.</returns>
    /// <exception cref="ExchangeException">The hub cannot be reached; nothing has changed.</exception>
    public async Task<HubConnection?> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (device.Credentials.Previous is { } before && device.Now <= before.NotAfter && await _hub.TryAsync(before, cancellationToken) is { } connection)
        {
            device.Journal.Write(state => Done(state) with { Credentials = state.Credentials.SwapBack(), Window = null, IsWindowOfTwin = false });
            device.Log.Tell($"Back to the certificate before, {OpenHub.Short(before)}, as the service wants: the hub accepts it.");
            return connection;
        }

        device.Journal.Write(Done);
        device.Log.Warn("The service wants the certificate before, which is not held any more or which the hub refuses; another one is asked for.");
        return null;
    }

    private static AgentState Done(AgentState state) => state with { Back = state.Back! with { IsDone = true } };
}
