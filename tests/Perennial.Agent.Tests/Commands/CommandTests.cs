using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Perennial.Agent.Tests.Commands;

public sealed class CommandTests
{
    private const string Id = AgentBench.Id;

    [Fact]
    public async Task A_device_goes_from_nothing_to_a_rolled_certificate_by_commands()
    {
        await using var bench = await AgentBench.StartAsync();
        var status = await AgentProcess.RunAsync(bench, "status", "--json");
        Assert.Equal((1, "unprovisioned"), (status.ExitCode, (string?)JsonNode.Parse(status.Output)!["state"]));

        Assert.Equal(0, (await AgentProcess.RunAsync(bench, "rehearse")).ExitCode);
        Assert.Equal(0, (await AgentProcess.RunAsync(bench, "renew-now")).ExitCode);
        Assert.Equal(0, (await AgentProcess.RunAsync(bench, "renew-now")).ExitCode);
        var idle = await AgentProcess.RunAsync(bench, "renew-now", "--if-due");
        Assert.Equal(0, idle.ExitCode);
        Assert.Contains("Nothing is due before", idle.Output, StringComparison.Ordinal);

        status = await AgentProcess.RunAsync(bench, "status", "--json");
        var document = JsonNode.Parse(status.Output)!;
        Assert.Equal((0, "valid"), (status.ExitCode, (string?)document["state"]));
        Assert.Equal(bench.Service.Read(Id, known => known.Issued[1]), (string?)document["current"]!["thumbprint"]);
        Assert.InRange(DateTimeOffset.Parse((string)document["nextRoll"]!, CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow().AddDays(15), TimeProvider.System.GetUtcNow().AddDays(25));
        var text = await AgentProcess.RunAsync(bench, "status");
        Assert.Contains("state         valid", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_ends_with_1_and_one_line_that_says_why()
    {
        await using var bench = await AgentBench.StartAsync();
        bench.Service.RegistrationFault = () => (401, null);
        var outcome = await AgentProcess.RunAsync(bench, "renew-now");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("error Not done: the provisioning service answers 401002: Unauthorized.", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hook_of_the_command_line_runs()
    {
        await using var bench = await AgentBench.StartAsync();
        var mark = Path.Combine(bench.Folder, "mark");
        Assert.Equal(0, (await AgentProcess.RunAsync(bench, "renew-now", "--exec", $"touch {mark}")).ExitCode);
        Assert.True(File.Exists(mark));
    }

    [Fact]
    public async Task Two_agents_of_one_device_do_not_run()
    {
        await using var bench = await AgentBench.StartAsync();
        using var device = bench.Open();
        var outcome = await AgentProcess.RunAsync(bench, "renew-now");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Another perennial-agent has", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_runs_stops_when_it_is_told_to()
    {
        await using var bench = await AgentBench.StartAsync();
        using var process = AgentProcess.Start(["run", "--config", AgentProcess.Write(bench.Configuration, bench.Folder)], null);
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bench.Service.WaitAsync(Id, known => known.Reported.ContainsKey("certificate"));
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(0, process.ExitCode);
        Assert.EndsWith("info Stopped.\n", await output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_agent_that_runs_rolls_now_when_it_is_told_to()
    {
        await using var bench = await AgentBench.StartAsync();
        using var process = AgentProcess.Start(["run", "--config", AgentProcess.Write(bench.Configuration, bench.Folder)], null);
        await bench.Service.WaitAsync(Id, known => known.Reported.ContainsKey("certificate"));
        using var reload = Process.Start("kill", ["-HUP", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await bench.Service.WaitAsync(Id, known => known.Connected.Count == 2);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Install_writes_the_unit()
    {
        await using var bench = await AgentBench.StartAsync();
        var outcome = await AgentProcess.RunAsync(bench, "install", "--unit-dir", bench.Folder);
        Assert.Equal(0, outcome.ExitCode);
        var unit = await File.ReadAllTextAsync(Path.Combine(bench.Folder, "perennial-agent.service"), TestContext.Current.CancellationToken);
        Assert.Contains($"ExecStart={AgentProcess.Program} run --config {bench.Folder}/agent.json", unit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "rotate")]
    [InlineData(2, "run", "--unheard")]
    [InlineData(1, "run", "--config", "/nowhere/agent.json")]
    public async Task A_line_that_cannot_be_obeyed_is_told_in_one_line(int exitCode, string command, params string[] options)
    {
        var outcome = await AgentProcess.RunAsync(command, options);
        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.StartsWith("perennial-agent: ", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
    }
}
