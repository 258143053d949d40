using Perennial.Agent.Credentials;
using Perennial.Agent.Tests.Keys;

namespace Perennial.Agent.Tests.Crashes;

/// <summary>
/// Kills the agent by SIGKILL at every point where something is about to last or just began to: before and after each file is written, renamed and
/// flushed, each link turned, each line of the journal. After each kill the device must hold a credential that the hub accepts, and a new process must
/// bring the roll to its end. The hub refuses what came before as soon as it has seen a newer leaf.
/// </summary>
public sealed class KillTests
{
    private const string Id = AgentBench.Id;

    /// <summary>How often each point is hit; <c>eng/crash.sh</c> asks for 20. Without it each point of a roll once, of the others every third.</summary>
    private static readonly int? Repetitions =
        int.TryParse(Environment.GetEnvironmentVariable("PERENNIAL_AGENT_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : null;

    [Fact]
    public Task A_kill_at_any_step_of_a_roll_locks_nobody_out() => KillEverywhereAsync(withToken: false, isProvisioned: true, stride: 1);

    [Fact]
    public Task A_kill_at_any_step_of_the_first_provisioning_locks_nobody_out() => KillEverywhereAsync(withToken: false, isProvisioned: false, stride: 3);

    [Fact]
    public Task A_kill_at_any_step_of_a_roll_with_a_token_locks_nobody_out() => KillEverywhereAsync(withToken: true, isProvisioned: true, stride: 3);

    private static async Task KillEverywhereAsync(bool withToken, bool isProvisioned, int stride)
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Configuration = bench.Configuration with
        {
            Keys = withToken ? TokenBench.MakeToken() : bench.Configuration.Keys,
            Publish = new() { Directory = Path.Combine(bench.Folder, "tls") },
            Exec = "true",
        };
        if (isProvisioned)
        {
            Assert.True(await bench.ProvisionAsync());
        }

        var kills = 0;
        for (var repetition = 0; repetition < (Repetitions ?? 1); repetition++)
        {
            var at = 0;
            var step = Repetitions is null ? stride : 1;
            AgentOutcome outcome;
            do
            {
                at += step;
                if (!isProvisioned)
                {
                    StartOver(bench);
                }

                outcome = await AgentProcess.RunAsync(bench, at, "renew-now");
                kills += outcome.ExitCode == AgentProcess.Killed ? 1 : 0;
                Assert.True(outcome.ExitCode is 0 or AgentProcess.Killed, $"at point {at}: {outcome.ExitCode}\n{outcome.Output}{outcome.Error}");
                await AssertConnectsAsync(bench, isProvisioned, at);
            }
            while (outcome.ExitCode == AgentProcess.Killed);
            Assert.InRange(at, 25, 200); // there are points, and each was passed
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, 0 devices locked out");
    }

    // The next process brings what was cut off to its end; whatever the pair is that other programs read, it is whole.
    private static async Task AssertConnectsAsync(AgentBench bench, bool isProvisioned, int at)
    {
        var kept = bench.Service.Read(Id, known => known.Accepted.ToList());
        AssertHolds(bench, kept, at);
        var registrations = bench.Service.Read(Id, known => known.Registrations);
        var outcome = await AgentProcess.RunAsync(bench, "renew-now", "--if-due");
        Assert.True(outcome.ExitCode == 0, $"after a kill at point {at}: {outcome.Output}{outcome.Error}");
        if (isProvisioned)
        {
            Assert.Equal(registrations, bench.Service.Read(Id, known => known.Registrations)); // no other door was needed
        }

        var state = Journal.Peek(bench.Configuration.State)!;
        Assert.Null(state.Credentials.Candidate);
        Assert.Equal(state.Credentials.Current!.Thumbprint, bench.Service.Read(Id, known => known.Connected[^1]));
        Assert.Equal((state.Credentials.Current.Thumbprint, state.Credentials.Current.Thumbprint), (state.Published, state.Deployed));
    }

    private static void AssertHolds(AgentBench bench, List<string> accepted, int at)
    {
        if (bench.Service.Read(Id, known => known.Connected.Count) == 0)
        {
            return; // it has its factory certificate still
        }

        using var device = bench.Open();
        var held = device.Credentials.InOrder(device.Now).Select(credential => device.Held.Open(credential.Slot)).ToList();
        var thumbprints = held.Select(credential => credential?.Chain.Leaf.Thumbprint.ToString()).ToList();
        held.ForEach(credential => credential?.Dispose());
        Assert.True(thumbprints.Any(thumbprint => accepted.Contains(thumbprint!)), $"at point {at} the device was locked out");
    }

    private static void StartOver(AgentBench bench)
    {
        foreach (var folder in new[] { bench.Configuration.State, bench.Configuration.Publish!.Directory }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        bench.Service.Change(Id, known =>
        {
            known.Accepted.Clear();
            known.Connected.Clear();
            known.Issued.Clear();
        });
    }
}
