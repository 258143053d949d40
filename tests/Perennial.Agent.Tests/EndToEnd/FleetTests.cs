using Perennial.Agent.Configuration;
using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;
using Perennial.Agent.Durability;
using Perennial.Agent.Rolling;
using Perennial.Protocol.Rolling;

namespace Perennial.Agent.Tests.EndToEnd;

/// <summary>Agents against the real service: what is shown nowhere else is that both sides of the wire mean the same.</summary>
public sealed class FleetTests(PerennialFixture fixture) : IClassFixture<PerennialFixture>
{
    /// <summary>The agents of the fleet: PERENNIAL_AGENTS, 200 in the heavy run; 10 without it.</summary>
    private static readonly int Agents =
        int.TryParse(Environment.GetEnvironmentVariable("PERENNIAL_AGENTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 10;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_of_a_group_is_provisioned_rolls_over_its_connection_and_reports()
    {
        var perennial = fixture.Served;
        var configuration = perennial.MakeDevice("single-1");
        var first = await RollAsync(configuration);
        var second = await RollAsync(configuration);
        Assert.NotEqual(first.Credentials.Current!.Thumbprint, second.Credentials.Current!.Thumbprint);
        Assert.Equal(first.Credentials.Current, second.Credentials.Previous);
        var twin = await perennial.AskAsync(HttpMethod.Get, "/twins/single-1?api-version=2021-04-12");
        Assert.Equal(second.Credentials.Current.Thumbprint, twin.GetProperty("properties").GetProperty("reported").GetProperty("certificate").GetProperty("thumbprint").GetString());
    }

    [Fact]
    public async Task The_one_before_is_retired_by_the_use_of_the_new_one_and_the_agent_does_not_need_it()
    {
        var perennial = fixture.Served;
        var configuration = perennial.MakeDevice("single-2");
        await RollAsync(configuration);
        await RollAsync(configuration);
        using var device = Open(configuration, TextWriter.Null);
        using (var former = device.Held.Open(device.Credentials.Previous!.Slot)!)
        {
            var refusal = await Assert.ThrowsAsync<ExchangeException>(() => device.Link.ConnectAsync("localhost", "single-2", former, Stop));
            Assert.Equal(FailureKind.Unauthorized, refusal.Kind);
        }

        await using var connection = await new ReachHub(device).ExecuteAsync(Stop);
        Assert.False(connection.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_device_that_is_enrolled_by_itself_rolls_by_itself_again_and_again()
    {
        var perennial = fixture.Served;
        var configuration = await perennial.MakeIndividualAsync("lamp-2");
        for (var i = 0; i < 4; i++)
        {
            await RollAsync(configuration);
        }
    }

    [Fact]
    public async Task A_device_whose_state_is_lost_comes_back_by_its_factory_certificate()
    {
        var perennial = fixture.Served;
        var configuration = perennial.MakeDevice("single-3");
        await RollAsync(configuration);
        Directory.Delete(configuration.State, recursive: true);
        await RollAsync(configuration);
        await RollAsync(configuration);
    }

    [Fact]
    public async Task A_window_that_an_operator_sets_in_the_twin_is_obeyed()
    {
        var perennial = fixture.Served;
        var configuration = perennial.MakeDevice("single-4");
        using var device = Open(configuration, TextWriter.Null);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => new RunAgent(device).ExecuteAsync(stop.Token), Stop);
        await WaitAsync(() => Task.FromResult(device.Credentials.Current is not null));
        var first = device.Credentials.Current;
        var now = TimeProvider.System.GetUtcNow();
        var window = new RollWindowDocument { NotBefore = now.AddSeconds(1), NotAfter = now.AddSeconds(2) };
        var patch = $$"""{"properties":{"desired":{{window.ToCarrier().ToJsonString()}} } }""";
        await perennial.AskAsync(HttpMethod.Patch, "/twins/single-4?api-version=2021-04-12", patch);
        await WaitAsync(() => Task.FromResult(device.Credentials.Current != first));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_fleet_rolls_twice_and_no_device_is_locked_out()
    {
        var perennial = fixture.Served;
        var fleet = Enumerable.Range(1, Agents).Select(i => perennial.MakeDevice(string.Create(CultureInfo.InvariantCulture, $"fleet-{i:000}"))).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Stop };
        for (var round = 0; round < 3; round++)
        {
            await Parallel.ForEachAsync(fleet, options, async (configuration, _) => await RollAsync(configuration));
        }

        var locked = 0;
        await Parallel.ForEachAsync(fleet, options, async (configuration, _) =>
        {
            using var device = Open(configuration, TextWriter.Null);
            if (await new OpenHub(device).ExecuteAsync(Stop) is not { } connection)
            {
                Interlocked.Increment(ref locked);
                return;
            }

            await connection.DisposeAsync();
        });
        Assert.Equal(0, locked);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Agents} agents, {2 * Agents} rolls, {locked} locked out");
        var twins = await perennial.AskAsync(HttpMethod.Post, "/devices/query?api-version=2021-04-12", """{"query":"SELECT COUNT() AS n FROM devices WHERE STARTSWITH(deviceId, 'fleet-') AND is_defined(properties.reported.certificate.thumbprint)"}""");
        Assert.Equal(Agents, twins[0].GetProperty("n").GetInt32());
    }

    private static Device Open(AgentConfiguration configuration, TextWriter said) => Device.Open(configuration, TimeProvider.System, said, KillSwitch.Off);

    private static async Task<AgentState> RollAsync(AgentConfiguration configuration)
    {
        var said = new StringWriter();
        using var device = Open(configuration, said);
        try
        {
            Assert.True(await new RollNow(device).ExecuteAsync(onlyIfDue: false, Stop), said.ToString());
        }
        catch (ExchangeException failure)
        {
            Assert.Fail($"{failure.Message}\n{said}");
        }

        return device.State;
    }

    private static async Task WaitAsync(Func<Task<bool>> fact)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!await fact())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }
}
