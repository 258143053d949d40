using Perennial.Agent.Connections;

namespace Perennial.Agent.Rolling;

/// <summary>One visit: provisions the device if it is not, rolls its certificate, deploys, and leaves.</summary>
internal sealed class RollNow(Device device)
{
    /// <param name="onlyIfDue">Whether to leave the certificate alone when the planner does.</param>
    /// <param name="cancellationToken">Ends the visit.</param>
    /// <returns>Whether all is done.</returns>
    public async Task<bool> ExecuteAsync(bool onlyIfDue, CancellationToken cancellationToken)
    {
        var deploy = new DeployCredential(device);
        if (onlyIfDue && device.Plan() is { } plan && !await new CheckClock(device).IsDueAsync(plan, cancellationToken))
        {
            device.Log.Tell($"Nothing is due before {plan.At:yyyy-MM-dd HH:mm:ss}Z: {plan.Sentence}.");
            return await deploy.ExecuteAsync(cancellationToken);
        }

        if (device.State.Attempts.RetryAt is { } asked && asked > device.Now)
        {
            device.Log.Warn($"The service asked to wait until {asked:yyyy-MM-dd HH:mm:ss}Z; nothing is sent before.");
            return false;
        }

        var before = device.Credentials.Current?.Thumbprint;
        var connection = await new ReachHub(device).ExecuteAsync(cancellationToken);
        try
        {
            if (device.Credentials.Current!.Thumbprint == before)
            {
                var rolled = await new RollCertificate(device).ExecuteAsync(connection, cancellationToken);
                await connection.DisposeAsync();
                connection = rolled;
            }

            await new GreetHub(device).ExecuteAsync(connection, cancellationToken);
        }
        catch (ExchangeException) when (device.Credentials.Candidate is { Credential: not null })
        {
            await connection.DisposeAsync();
            await GoBackAsync(cancellationToken);
            throw;
        }
        finally
        {
            await connection.DisposeAsync();
        }

        return await deploy.ExecuteAsync(cancellationToken);
    }

    // The current certificate is seen to work, or the candidate is kept.
    private async Task GoBackAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await new OpenHub(device).ExecuteAsync(cancellationToken) is { } current)
            {
                await current.DisposeAsync();
            }
        }
        catch (ExchangeException failure)
        {
            device.Log.Warn($"The current certificate cannot be tried: {failure.Message}.");
        }
    }
}
