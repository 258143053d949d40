using Microsoft.Extensions.Time.Testing;
using Perennial.Agent.Configuration;
using Perennial.Agent.Durability;
using Perennial.Agent.Rolling;
using Perennial.Agent.Tests.Servers;

namespace Perennial.Agent.Tests;

/// <summary>One device in a folder of its own, and the little service that it speaks with.</summary>
internal sealed class AgentBench : IAsyncDisposable
{
    public const string Id = "lamp-1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-agent-");

    private AgentBench(LittleCloud service)
    {
        Service = service;
        Configuration = service.Enroll(Id, Folder);
    }

    public LittleCloud Service { get; }

    public AgentConfiguration Configuration { get; set; }

    public string Folder => _folder.FullName;

    /// <summary>What the agent said.</summary>
    public StringWriter Said { get; } = new();

    public static async Task<AgentBench> StartAsync(TestCertificates.TestCertificateOptions? serverOptions = null) => new(await LittleCloud.StartAsync(serverOptions));

    public Device Open(TimeProvider? time = null) => Device.Open(Configuration, time ?? TimeProvider.System, TextWriter.Synchronized(Said), KillSwitch.Off);

    /// <summary>One visit by an agent that starts for it and ends after it.</summary>
    public async Task<bool> RollAsync(bool onlyIfDue = false, TimeProvider? time = null)
    {
        using var device = Open(time);
        return await new RollNow(device).ExecuteAsync(onlyIfDue, TestContext.Current.CancellationToken);
    }

    public async Task<bool> ProvisionAsync() => await RollAsync();

    /// <summary>Has an agent run until what happens meanwhile has happened.</summary>
    public Task WhileRunningAsync(Func<Task> meanwhile, TimeProvider? time = null) => WhileRunningAsync(_ => meanwhile(), time);

    /// <summary>The same, with a word to the agent.</summary>
    public async Task WhileRunningAsync(Func<RunAgent, Task> meanwhile, TimeProvider? time = null)
    {
        using var stop = new CancellationTokenSource();
        using var device = Open(time);
        var agent = new RunAgent(device);
        var running = Task.Run(() => agent.ExecuteAsync(stop.Token), TestContext.Current.CancellationToken);
        try
        {
            await meanwhile(agent);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"What was waited for did not come. The agent said:\n{Said}");
        }
        finally
        {
            await stop.CancelAsync();
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    /// <summary>A clock that stands still at a distance from the true one.</summary>
    public static FakeTimeProvider ClockAt(TimeSpan distance) => new(TimeProvider.System.GetUtcNow() + distance) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
