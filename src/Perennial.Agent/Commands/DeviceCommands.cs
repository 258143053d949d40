using System.CommandLine;
using System.Runtime.InteropServices;
using Perennial.Agent.Configuration;
using Perennial.Agent.Connections;
using Perennial.Agent.Durability;
using Perennial.Agent.Rolling;

namespace Perennial.Agent.Commands;

/// <summary><c>run</c>, <c>renew-now</c> and <c>rehearse</c>: the commands that take the device for themselves.</summary>
internal static class DeviceCommands
{
    private static readonly Option<bool> IfDue = new("--if-due") { Description = "Only when it is due; ends with 0 when nothing is. For timers." };

    public static Command CreateRun() => Create(
        "run", "Keeps the certificate valid until it is told to stop.", [], async (device, _, stop) =>
        {
            device.Log.Tell($"perennial-agent {AgentVersion.Number} runs for {device.Name}.");
            var agent = new RunAgent(device);
            using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                agent.RollSoon();
            });
            await agent.ExecuteAsync(stop);
            return true;
        });

    public static Command CreateRollNow() => Create(
        "renew-now", "Provisions the device if it is not, rolls its certificate now, and ends.", [IfDue],
        (device, line, stop) => new RollNow(device).ExecuteAsync(line.GetValue(IfDue), stop));

    public static Command CreateRehearse() => Create(
        "rehearse", "Uses every part that a roll needs, the deploy hook too, and changes nothing that lasts.", [],
        (device, _, stop) => new Rehearse(device).ExecuteAsync(stop));

    private static Command Create(string name, string description, Option[] options, Func<Device, ParseResult, CancellationToken, Task<bool>> act)
    {
        var command = new Command(name, description) { AgentOptions.Configuration, AgentOptions.Exec };
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        command.SetAction((line, stop) => RunAsync(AgentOptions.Read(line), device => act(device, line, stop), stop));
        return command;
    }

    private static async Task<int> RunAsync(AgentConfiguration configuration, Func<Device, Task<bool>> act, CancellationToken stop)
    {
        using var device = Device.Open(configuration, TimeProvider.System, Console.Out, KillSwitch.FromEnvironment());
        try
        {
            return await act(device) ? CommandLine.Done : CommandLine.Failed;
        }
        catch (ExchangeException failure)
        {
            device.Log.Fail($"Not done: {failure.Message}.");
            return CommandLine.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            device.Log.Tell("Stopped.");
            return CommandLine.Done;
        }
    }
}
