using System.Diagnostics;

namespace Perennial.Agent.Durability;

/// <summary>
/// For tests of crashes: PERENNIAL_AGENT_KILL_AT=N ends the process by SIGKILL at the Nth point where something is about to last, or just began to.
/// </summary>
internal sealed class KillSwitch(int? at)
{
    public const string Variable = "PERENNIAL_AGENT_KILL_AT";

    public static readonly KillSwitch Off = new(null);

    private int _passed;

    public static KillSwitch FromEnvironment() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? new(at) : Off;

    public void Pass()
    {
        if (Interlocked.Increment(ref _passed) != at)
        {
            return;
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.CurrentThread.Join(); // SIGKILL has been sent; nothing after this point may run.
    }
}
