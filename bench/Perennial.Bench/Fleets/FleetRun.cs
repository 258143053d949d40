using Perennial.Bench.Servers;
using Perennial.Protocol.Rolling;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;
using Perennial.Server.Sandbox.Story;

namespace Perennial.Bench.Fleets;

/// <summary>One scenario from beginning to end: a server in a process of its own, a fleet, an operator who rolls it, and what came of it.</summary>
internal sealed class FleetRun : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    // For how long nothing may change until the roll counts as stuck.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    // No new device may be touched within two seconds of a halt; whoever is touched then is seen after three.
    private static readonly TimeSpan AfterHalt = TimeSpan.FromSeconds(3);

    private readonly FleetScenario _scenario;
    private readonly TimeProvider _time;
    private readonly PerennialServer _server;
    private readonly IFleetTrust _trust;
    private readonly OperatorClient _hub;
    private readonly RollOperator _operator;
    private readonly FleetSurroundings _surroundings;
    private readonly IReadOnlyList<string> _ids;
    private readonly SeededOrder _order;
    private readonly ServerKills _kills;
    private readonly CredentialProbe _probe;
    private SimulatedFleet? _made;
    private bool _isRetiredTooEarly;
    private TimeSpan _took;

    private FleetRun(FleetScenario scenario, PerennialServer server, TimeProvider time)
    {
        _ids = SimulatedFleet.Names(scenario.Devices);
        _surroundings = new FleetSurroundings(server.Address, server.Summary.ProvisioningHost, server.Summary.IdScope, time);
        _scenario = scenario;
        _time = time;
        _server = server;
        _trust = scenario.Kind switch
        {
            FleetKind.Leaf => new LeafTrust(_ids, time),
            FleetKind.IssuingCa => new IssuerTrust(server.Folder, _surroundings),
            _ => new SignerTrust(scenario.Kind == FleetKind.Root, time),
        };
        _hub = new OperatorClient(server.Address, server.Summary.Hubs[0].ConnectionString, time);
        _operator = new RollOperator(server.Provisioning, time);
        _order = new SeededOrder(scenario.Seed);
        _kills = new ServerKills(server, _surroundings, _order, scenario.IsKilled);
        _probe = new CredentialProbe(_surroundings);
    }

    private SimulatedFleet Fleet => _made ?? throw new InvalidOperationException("The fleet is made once its devices are enrolled.");

    public static async Task<FleetOutcome> RunAsync(FleetScenario scenario, TimeProvider time, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-fleet-");
        try
        {
            await using var server = await PerennialServer.StartAsync(Path.Combine(folder.FullName, "instance"));
            await using var run = new FleetRun(scenario, server, time);
            return await run.RunAsync(cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_made?.DisposeAsync() ?? ValueTask.CompletedTask);
        _trust.Dispose();
        _hub.Dispose();
    }

    private async Task<FleetOutcome> RunAsync(CancellationToken cancellationToken)
    {
        await _trust.EnrollAsync(_server.Operator, cancellationToken);
        _made = await SimulatedFleet.CreateAsync(_scenario, _ids, _trust, _surroundings, cancellationToken);
        await Fleet.StartAsync(_order, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var shuffled = _order.Shuffle(Fleet.All);
        var probing = shuffled.Take(_scenario.Probed).Select(device => _probe.RunAsync(device, enough.Token)).ToList();
        var asleep = shuffled.TakeLast((int)(_scenario.OfflineShare * _scenario.Devices)).ToList();
        await Task.WhenAll(asleep.Select(device => device.SleepAsync()));
        await StageAsync(cancellationToken);
        var roll = await RollAsync(asleep, cancellationToken);
        await enough.CancelAsync();
        await Task.WhenAll(probing);
        return await DrainAsync(roll, cancellationToken);
    }

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var staged = 0;
        var staging = _operator.PersistAsync(() => _trust.StageAsync(_server.Operator, CountOne, cancellationToken), cancellationToken);
        if (_scenario.Kind == FleetKind.Leaf)
        {
            await Task.WhenAny(half.Task, staging);
        }

        await _kills.InAsync("stage", TimeSpan.FromMilliseconds(20), cancellationToken);
        await staging;

        void CountOne()
        {
            if (Interlocked.Increment(ref staged) == _scenario.Devices / 2)
            {
                half.TrySetResult();
            }
        }
    }

    private async Task<RollDocument> RollAsync(List<SandboxDevice> asleep, CancellationToken cancellationToken)
    {
        await _operator.CreateAsync(_trust, _scenario.Plan, cancellationToken);
        var since = _time.GetTimestamp();
        var starting = _operator.StartAsync(cancellationToken);
        await _kills.InAsync("start", TimeSpan.FromMilliseconds(20), cancellationToken);
        await starting;
        var roll = await WatchAsync(since, asleep, cancellationToken);
        await _kills.InAsync("end", cancellationToken);
        if (_scenario.IsBad)
        {
            await Task.Delay(AfterHalt, _time, cancellationToken);
        }

        roll = await _operator.ReadAsync(cancellationToken);
        return roll;
    }

    private async Task<RollDocument> WatchAsync(long since, List<SandboxDevice> asleep, CancellationToken cancellationToken)
    {
        (RollProgressDocument? Progress, long At) changed = (null, since);
        while (true)
        {
            var roll = await _operator.ReadAsync(cancellationToken);
            var progress = roll.Progress!; // A single roll is told with its progress.
            if (progress.Offered != changed.Progress?.Offered || progress.Moved != changed.Progress?.Moved)
            {
                changed = (progress, _time.GetTimestamp());
            }

            if (progress.Moved == _scenario.Devices && _took == TimeSpan.Zero)
            {
                _took = _time.GetElapsedTime(since);
            }

            if (roll.State != "running" || _time.GetElapsedTime(changed.At) > Patience)
            {
                _isRetiredTooEarly = asleep.Count > 0;
                return roll;
            }

            if (asleep.Count > 0 && progress.Open == asleep.Count)
            {
                asleep.ForEach(device => device.Wake());
                asleep.Clear();
            }

            await KillAsync(progress, cancellationToken);
            await Task.Delay(Look, _time, cancellationToken);
        }
    }

    private async Task KillAsync(RollProgressDocument progress, CancellationToken cancellationToken)
    {
        var offered = (double)progress.Offered / _scenario.Devices;
        var moved = (double)progress.Moved / _scenario.Devices;
        var step = offered > 0.1 && !_kills.Steps.Contains("offer") ? "offer"
            : moved > 0.4 && !_kills.Steps.Contains("move") ? "move"
            : moved > 0.9 ? "retire"
            : null;
        await (step is null ? Task.CompletedTask : _kills.InAsync(step, cancellationToken));
    }

    private async Task<FleetOutcome> DrainAsync(RollDocument roll, CancellationToken cancellationToken)
    {
        await SimulatedFleet.EachAsync(Fleet.All, device => device.FallSilentAsync(cancellationToken));
        var disconnected = Fleet.All.Count(device => !device.IsConnected);
        var ledger = new TelemetryLedger(Fleet.All.Select(device => KeyValuePair.Create(device.Id, device.Outbox.Sent)));
        var reader = new TelemetryReader(_hub, _server.Summary.Hubs[0].Name);
        await new DrainFeed(reader.ReadAsync, _time).RunAsync(ledger, cancellationToken);
        var (taken, refused) = await ProbeInTheEndAsync(cancellationToken);
        var refusals = _surroundings.Refusals.ByReason();
        return new FleetOutcome
        {
            Scenario = _scenario,
            Roll = roll,
            Sent = ledger.Sent,
            Lost = ledger.Lost,
            Duplicated = ledger.Duplicated,
            Foreign = ledger.Foreign,
            WithoutCredential = _probe.Without + refusals.Where(refusal => refusal.Key == ReachHub.NoneIsValid).Sum(refusal => refusal.Value),
            Probes = _probe.Accepted,
            Disconnected = disconnected,
            Told = Fleet.All.Count(device => device.WasTold),
            RetiredButTaken = taken,
            HeldButRefused = refused,
            IsRetiredTooEarly = _isRetiredTooEarly,
            Kills = _kills.Steps,
            Gaps = [.. Fleet.All.Select(device => device.LongestGap).Order()],
            GapsOfOutages = [.. Fleet.All.Select(device => device.LongestGapOfOutages).Order()],
            LongestOutage = _surroundings.Outages.Longest,
            Took = _took,
            Refusals = refusals,
        };
    }

    private async Task<(int Taken, int Refused)> ProbeInTheEndAsync(CancellationToken cancellationToken)
    {
        var (taken, refused) = (0, 0);
        var provision = new ProvisionDevice(_server.Address, _server.Summary.ProvisioningHost, _server.Summary.IdScope, _time);
        var retired = new ProbeCertificate(_surroundings, _server.Summary.Hubs[0].HostName);
        await Parallel.ForAsync(0, _scenario.Probed, cancellationToken, async (i, stop) =>
        {
            var device = Fleet.All[i];
            Interlocked.Add(ref refused, await provision.RunAsync(device.Id, device.Credential, stop) is ProvisioningAnswer.Assigned ? 0 : 1);
            Interlocked.Add(ref taken, _scenario.IsBad ? 0 : await retired.RunAsync(device.Id, Fleet.Before(i), stop));
        });
        return (taken, refused);
    }
}
