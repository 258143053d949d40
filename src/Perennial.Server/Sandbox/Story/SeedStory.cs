using System.Globalization;
using Perennial.Authority;
using Perennial.Protocol.Hub;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Server.Sandbox.Story;

/// <summary>
/// The main job, told once: a fleet is enrolled, provisions and sends telemetry, every device rolls its certificate, the group rolls its
/// intermediate, the old certificates are retired by proof of use, and in the end every message is accounted for.
/// </summary>
/// <param name="fleet">The devices.</param>
/// <param name="operator">Acts through the service API.</param>
/// <param name="retire">Retires and probes.</param>
/// <param name="readFeed">The telemetry of the hub from a sequence on.</param>
/// <param name="order">The order of the devices and their rhythm.</param>
/// <param name="board">What the watchers see.</param>
internal sealed class SeedStory(
    SandboxFleet fleet,
    FleetOperator @operator,
    RetireByProof retire,
    Func<long, CancellationToken, IAsyncEnumerable<TelemetryFeedLine>> readFeed,
    SeededOrder order,
    StoryBoard board)
{
    private static readonly TimeSpan Interlude = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = fleet.Surroundings.Time;
    private readonly FleetRoll _roll = new();
    private readonly int _together = Math.Clamp(fleet.All.Count / 10, 4, 32);

    public async Task<SandboxSummary> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await board.PlayAsync(1, fleet.All.Count, act => EnrollAsync(act, cancellationToken));
            await board.PlayAsync(2, fleet.All.Count, act => ProvisionAsync(act, cancellationToken));
            await Task.Delay(Interlude, _time, cancellationToken);
            await board.PlayAsync(3, fleet.Individuals.Count, act => RollIndividualsAsync(act, cancellationToken));
            await board.PlayAsync(4, fleet.Members.Count, act => RollLeavesAsync(act, cancellationToken));
            await board.PlayAsync(5, fleet.Members.Count - 1, act => RollIntermediateAsync(act, cancellationToken));
            await board.PlayAsync(6, fleet.Individuals.Count + 1, act => RetireAsync(act, cancellationToken));
            await Task.Delay(Interlude, _time, cancellationToken);
            SandboxSummary? summary = null;
            await board.PlayAsync(7, fleet.All.Count, async act =>
            {
                summary = await DrainAsync(act, cancellationToken);
                return $"{summary.Received} of {summary.Sent} messages";
            });
            return summary!; // The act has run.
        }
        finally
        {
            board.Close();
        }
    }

    private async Task<string> EnrollAsync(StoryAct act, CancellationToken cancellationToken)
    {
        await @operator.EnrollGroupAsync(SandboxFleet.GroupId, fleet.Issuer.Intermediate.Own.CertificatePem, cancellationToken);
        fleet.Members.ToList().ForEach(_ => act.CountOne());
        await EachAsync(act, fleet.Individuals, Enroll, cancellationToken);
        return $"{fleet.Individuals.Count} individual enrollments, 1 group";

        async Task<bool> Enroll(SandboxDevice device)
        {
            await @operator.EnrollDeviceAsync(device.Id, device.Credential.LeafPem, cancellationToken);
            return true;
        }
    }

    private async Task<string> ProvisionAsync(StoryAct act, CancellationToken cancellationToken)
    {
        var rhythm = TimeSpan.FromMilliseconds(Math.Max(250, 2 * fleet.All.Count));
        var rhythms = fleet.All.ToDictionary(device => device, _ => (First: order.Within(rhythm), Next: order.About(rhythm)));
        await EachAsync(act, order.Shuffle(fleet.All), Start, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"each sends every {rhythm.TotalMilliseconds:0} ms or so");

        Task<bool> Start(SandboxDevice device) => device.StartAsync(rhythms[device].First, rhythms[device].Next, cancellationToken);
    }

    private async Task<string> RollIndividualsAsync(StoryAct act, CancellationToken cancellationToken)
    {
        await EachAsync(act, order.Shuffle(fleet.Individuals), StageAndRoll, cancellationToken);
        return _roll.TakeNote();

        async Task<bool> StageAndRoll(SandboxDevice device)
        {
            var next = fleet.Keep(fleet.Issuer.IssueIndividual(device.Id));
            await @operator.StageLeafAsync(device.Id, next.LeafPem, cancellationToken);
            return await _roll.RunAsync(device, next, cancellationToken);
        }
    }

    private async Task<string> RollLeavesAsync(StoryAct act, CancellationToken cancellationToken)
    {
        await EachAsync(act, order.Shuffle(fleet.Members), device => RollMemberAsync(device, fleet.Issuer.Intermediate, cancellationToken), cancellationToken);
        return _roll.TakeNote();
    }

    private async Task<string> RollIntermediateAsync(StoryAct act, CancellationToken cancellationToken)
    {
        await @operator.StageSigningCertificateAsync(SandboxFleet.GroupId, fleet.Issuer.NextIntermediate.Own.CertificatePem, cancellationToken);
        var devices = order.Shuffle([.. fleet.Members.Skip(1)]);
        await EachAsync(act, devices, device => RollMemberAsync(device, fleet.Issuer.NextIntermediate, cancellationToken), cancellationToken);
        return $"{_roll.TakeNote()}; one device waits";
    }

    private async Task<string> RetireAsync(StoryAct act, CancellationToken cancellationToken)
    {
        await EachAsync(act, order.Shuffle(fleet.Individuals), device => retire.RetireLeafAsync(device, cancellationToken), cancellationToken);
        await retire.TryUnprovenAsync(cancellationToken);
        await RollMemberAsync(fleet.Members[0], fleet.Issuer.NextIntermediate, cancellationToken);
        if (await retire.RetireIntermediateAsync(cancellationToken))
        {
            act.CountOne();
        }

        await retire.ProbeAsync(_roll.Before, cancellationToken);
        return retire.Note;
    }

    private async Task<SandboxSummary> DrainAsync(StoryAct act, CancellationToken cancellationToken)
    {
        var connected = fleet.Connected;
        await EachAsync(act, fleet.All, device => device.FallSilentAsync(cancellationToken), cancellationToken);
        var ledger = new TelemetryLedger(fleet.All.Select(device => KeyValuePair.Create(device.Id, device.Outbox.Sent)));
        await new DrainFeed(readFeed, _time).RunAsync(ledger, cancellationToken);
        return new SandboxSummary
        {
            Devices = fleet.All.Count,
            Registrations = await @operator.CountRegistrationsAsync(fleet.Individuals.Select(device => device.Id), cancellationToken)
                + await @operator.CountRegistrationsAsync(SandboxFleet.GroupId, cancellationToken),
            Sent = ledger.Sent,
            Received = ledger.Received,
            Lost = ledger.Lost,
            Duplicated = ledger.Duplicated,
            Foreign = ledger.Foreign,
            Disconnected = fleet.All.Count - connected,
            NotRetired = board.Acts[5].Total - board.Acts[5].Done,
            RetiredButTaken = retire.Taken,
            UnprovenIsRefused = retire.UnprovenIsRefused,
            LongestGaps = [.. fleet.All.Select(device => device.LongestGap).Order()],
            Refusals = fleet.Surroundings.Refusals.ByReason(),
        };
    }

    private Task<bool> RollMemberAsync(SandboxDevice device, CertificateAuthority intermediate, CancellationToken cancellationToken) =>
        _roll.RunAsync(device, fleet.Keep(FleetIssuer.IssueMember(device.Id, intermediate)), cancellationToken);

    private Task EachAsync(
        StoryAct act, IReadOnlyList<SandboxDevice> devices, Func<SandboxDevice, Task<bool>> run, CancellationToken cancellationToken)
    {
        var together = new ParallelOptions { MaxDegreeOfParallelism = _together, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(devices, together, async (device, _) =>
        {
            if (await run(device))
            {
                act.CountOne();
            }
        });
    }
}
