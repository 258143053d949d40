using Perennial.Agent.Connections;

namespace Perennial.Agent.Rolling;

/// <summary>Keeps the device's certificate valid until it is told to stop: asks the planner, and does what it says.</summary>
internal sealed class RunAgent(Device device)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // Clocks are set and machines sleep: a long wait is taken in parts.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan HookPause = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private readonly ReachHub _reach = new(device);
    private readonly GreetHub _greet = new(device);
    private readonly DeployCredential _deploy = new(device);

    public async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        if (device.Journal.IsRebuilt)
        {
            device.Log.Warn("The journal could not be read; it was made anew from the certificates and keys.");
        }

        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = device.Clock.GetTimestamp();
            TimeSpan? asked = null;
            try
            {
                await ServeAsync(cancellationToken);
            }
            catch (ExchangeException failure)
            {
                asked = failure.RetryAfter;
                device.Log.Warn($"No connection to the hub: {failure.Message}.");
            }
            catch (AgentException failure)
            {
                device.Log.Fail(failure.Message);
            }

            failures = device.Clock.GetElapsedTime(started) > Lasting ? 0 : failures + 1;
            await Task.Delay(PauseAfter(failures, asked), device.Clock, cancellationToken);
        }
    }

    private TimeSpan PauseAfter(int failures, TimeSpan? asked)
    {
        var position = RollPlanner.PositionOf(device.Name);
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10)) * (0.75 + (0.5 * position));
        pause = failures == 0 ? FirstPause : pause < LongestPause ? pause : LongestPause;
        return asked > pause ? (asked.Value < RollPlanner.LongestWait ? asked.Value : RollPlanner.LongestWait) : pause;
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var connection = await _reach.ExecuteAsync(cancellationToken);
        try
        {
            device.Log.Tell($"Connected to {device.State.Hub}.");
            while (!connection.Ended.IsCompleted)
            {
                await _greet.ExecuteAsync(connection, cancellationToken);
                var isDeployed = await _deploy.ExecuteAsync(cancellationToken);
                var plan = device.Plan()!;
                if (plan.IsDue(device.Now))
                {
                    connection = await RollAsync(connection, cancellationToken);
                    continue;
                }

                if (!device.Configuration.StaysConnected)
                {
                    await connection.DisposeAsync();
                    await WaitApartAsync(plan, isDeployed, cancellationToken);
                    return;
                }

                await WaitConnectedAsync(connection, plan, isDeployed, cancellationToken);
            }

            device.Log.Tell("The connection to the hub has ended.");
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }

    private async Task<HubConnection> RollAsync(HubConnection live, CancellationToken cancellationToken)
    {
        try
        {
            var rolled = await new RollCertificate(device).ExecuteAsync(live, cancellationToken);
            await live.DisposeAsync();
            return rolled;
        }
        catch (ExchangeException failure)
        {
            device.Log.Warn($"The certificate is not rolled yet: {failure.Message}. Next attempt at {device.Plan()!.At:yyyy-MM-dd HH:mm:ss}Z.");
        }
        catch (AgentException failure)
        {
            device.Log.Fail($"{failure.Message} Next attempt at {device.Plan()!.At:yyyy-MM-dd HH:mm:ss}Z.");
        }

        if (device.Credentials.Candidate is { Credential: not null } && !live.Ended.IsCompleted)
        {
            // Going back to the current certificate is settled by a connection with it.
            await live.DisposeAsync();
        }

        return live;
    }

    private async Task WaitConnectedAsync(HubConnection connection, RollPlan plan, bool isDeployed, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var change = connection.DesiredChanged.WaitToReadAsync(over.Token).AsTask();
        var delay = Task.Delay(Part(plan, isDeployed), device.Clock, over.Token);
        await Task.WhenAny(connection.Ended, change, delay);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task WaitApartAsync(RollPlan plan, bool isDeployed, CancellationToken cancellationToken)
    {
        var hours = device.Configuration.Hub.CheckHours;
        var check = hours == 0 ? DateTimeOffset.MaxValue : device.Now.AddHours(hours);
        device.Log.Tell($"Disconnected, since another program has the device's connection; next connection at {(plan.At < check ? plan.At : check):yyyy-MM-dd HH:mm}Z.");
        while (device.Now < check && !device.Plan()!.IsDue(device.Now))
        {
            await Task.Delay(Part(device.Plan()!, isDeployed), device.Clock, cancellationToken);
            isDeployed = await _deploy.ExecuteAsync(cancellationToken);
        }
    }

    private TimeSpan Part(RollPlan plan, bool isDeployed)
    {
        var left = plan.At - device.Now;
        var most = isDeployed ? LongestWait : HookPause;
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < most ? left : most;
    }
}
