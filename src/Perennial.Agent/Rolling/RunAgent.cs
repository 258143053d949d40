using System.Threading.Channels;
using Perennial.Agent.Connections;

namespace Perennial.Agent.Rolling;

/// <summary>Keeps the device's certificate valid until it is told to stop: asks the planner, and does what it says.</summary>
internal sealed class RunAgent(Device device)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // Clocks are set and machines sleep: a long wait is taken in parts.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan HookPause = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LeastBetweenRolls = TimeSpan.FromMinutes(10);

    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ReachHub _reach = new(device);
    private readonly GreetHub _greet = new(device);
    private readonly AnswerMethods _methods = new(device);
    private readonly DeployCredential _deploy = new(device);
    private readonly CheckClock _clock = new(device);
    private long? _rolled;
    private long? _wentBack;

    /// <summary>Rolls as soon as there is a connection, whether it is due or not.</summary>
    public void RollSoon() => _wishes.Writer.TryWrite(true);

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
                await _methods.ExecuteAsync(connection, cancellationToken);
                var isDeployed = await _deploy.ExecuteAsync(cancellationToken);
                if (!connection.IsDrained && IsTimeToGoBack())
                {
                    connection = await GoBackAsync(connection, cancellationToken);
                    continue;
                }

                // Who is drained is told when to ask; a wish does not change that, and is over.
                var (plan, isWished) = (PlanOn(connection), _wishes.Reader.TryRead(out _));
                if (connection.IsDrained ? plan.IsDue(device.Now) : isWished || await IsTimeAsync(plan, cancellationToken))
                {
                    connection = await RollAsync(connection, cancellationToken);
                    continue;
                }

                if (!device.Configuration.StaysConnected && !connection.IsDrained)
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

    private RollPlan PlanOn(HubConnection connection) => connection.IsDrained ? RollPlanner.PlanDrained(device.State.Attempts) : device.Plan()!;

    // Whatever the clocks say, a certificate that has just come is not rolled again at once.
    private async Task<bool> IsTimeAsync(RollPlan plan, CancellationToken cancellationToken) => HasRested() && await _clock.IsDueAsync(plan, cancellationToken);

    private bool HasRested() => RestAfter(_rolled) == TimeSpan.Zero;

    // However often the wish changes, and whatever comes of it, the next one waits.
    private bool IsTimeToGoBack() => device.BackAt <= device.Now && RestAfter(_wentBack) == TimeSpan.Zero;

    /// <summary>What is left of the pause after the last time.</summary>
    private TimeSpan RestAfter(long? last)
    {
        var current = device.Credentials.Current!;
        var least = (current.NotAfter - current.NotBefore) / 20;
        var left = last is { } at ? (least < LeastBetweenRolls ? least : LeastBetweenRolls) - device.Clock.GetElapsedTime(at) : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<HubConnection> GoBackAsync(HubConnection live, CancellationToken cancellationToken)
    {
        _wentBack = device.Clock.GetTimestamp();
        try
        {
            if (await new GoBack(device).ExecuteAsync(cancellationToken) is not { } back)
            {
                return await RollAsync(live, cancellationToken);
            }

            await live.DisposeAsync();
            _rolled = _wentBack;
            return back;
        }
        catch (ExchangeException failure)
        {
            device.Log.Warn($"Not back at the certificate before yet: {failure.Message}.");
        }
        catch (AgentException failure)
        {
            device.Log.Fail(failure.Message);
        }

        return live;
    }

    private async Task<HubConnection> RollAsync(HubConnection live, CancellationToken cancellationToken)
    {
        try
        {
            var rolled = await new RollCertificate(device).ExecuteAsync(live, cancellationToken);
            await live.DisposeAsync();
            _rolled = device.Clock.GetTimestamp();
            return rolled;
        }
        catch (ExchangeException failure)
        {
            device.Log.Warn($"The certificate is not rolled yet: {failure.Message}. Next attempt at {PlanOn(live).At:yyyy-MM-dd HH:mm:ss}Z.");
        }
        catch (AgentException failure)
        {
            device.Log.Fail($"{failure.Message} Next attempt at {PlanOn(live).At:yyyy-MM-dd HH:mm:ss}Z.");
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
        var call = connection.Methods.WaitToReadAsync(over.Token).AsTask();
        var delay = Task.Delay(Part(plan, isDeployed, connection.IsDrained), device.Clock, over.Token);
        var wish = _wishes.Reader.WaitToReadAsync(over.Token).AsTask();
        await Task.WhenAny(connection.Ended, change, call, wish, delay);
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task WaitApartAsync(RollPlan plan, bool isDeployed, CancellationToken cancellationToken)
    {
        var hours = device.Configuration.Hub.CheckHours;
        var check = hours == 0 ? DateTimeOffset.MaxValue : device.Now.AddHours(hours);
        device.Log.Tell($"Disconnected, since another program has the device's connection; next connection at {(plan.At < check ? plan.At : check):yyyy-MM-dd HH:mm}Z.");
        while (device.Now < check && !IsTimeToGoBack() && !(HasRested() && device.Plan()!.IsDue(device.Now)))
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var wish = _wishes.Reader.WaitToReadAsync(over.Token).AsTask();
            await Task.WhenAny(wish, Task.Delay(Part(device.Plan()!, isDeployed, isDrained: false), device.Clock, over.Token));
            await over.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (wish.IsCompletedSuccessfully)
            {
                return;
            }

            isDeployed = await _deploy.ExecuteAsync(cancellationToken);
        }
    }

    private TimeSpan Part(RollPlan plan, bool isDeployed, bool isDrained)
    {
        var left = plan.At - device.Now;
        if (!isDrained)
        {
            left = Later(left, RestAfter(_rolled));
            var back = device.BackAt is { } at ? Later(at - device.Now, RestAfter(_wentBack)) : left;
            left = back < left ? back : left;
        }

        var most = isDeployed ? LongestWait : HookPause;
        return left < Least ? Least : left < most ? left : most;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
