using System.Diagnostics;
using Perennial.Agent.Configuration;
using Perennial.Agent.Deployment;

namespace Perennial.Agent.Tests.Deployment;

public sealed class UnitFileTests
{
    private static readonly AgentConfiguration Configuration = new()
    {
        Provisioning = new() { Host = "dps.example", IdScope = "0ne00000001", RegistrationId = "lamp-1" },
        TrustBundle = "/etc/perennial-agent/trust.pem",
        Publish = new() { Directory = "/etc/lamp/tls" },
    };

    public static bool HasAnalyzer { get; } = File.Exists("/usr/bin/systemd-analyze");

    [Fact]
    public void The_unit_runs_the_agent_confined_to_its_folders()
    {
        var unit = UnitFile.Write("/usr/bin/perennial-agent", AgentConfiguration.DefaultPath, Configuration, null);
        Assert.Contains("ExecStart=/usr/bin/perennial-agent run --config /etc/perennial-agent/agent.json\n", unit, StringComparison.Ordinal);
        Assert.Contains("ReadWritePaths=/var/lib/perennial-agent /etc/lamp/tls\n", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void Signs_that_systemd_reads_are_escaped()
    {
        var unit = UnitFile.Write("/opt/my agent/perennial-agent", "/etc/100%.json", Configuration, "systemctl reload \"lamp\" && echo $HOME");
        Assert.Contains("ExecStart=\"/opt/my agent/perennial-agent\" run --config /etc/100%%.json --exec \"systemctl reload \\\"lamp\\\" && echo $$HOME\"\n", unit, StringComparison.Ordinal);
        Assert.DoesNotContain("ProtectSystem=strict", unit, StringComparison.Ordinal); // the hook acts on the machine
    }

    [Theory(SkipUnless = nameof(HasAnalyzer), Skip = "systemd-analyze is not installed")]
    [InlineData(null)]
    [InlineData("systemctl reload 'my lamp' && echo \"100% of $HOME\"")]
    public async Task Systemd_takes_the_unit(string? exec)
    {
        var folder = Directory.CreateTempSubdirectory("perennial-agent-");
        var path = Path.Combine(folder.FullName, UnitFile.Name);
        var unit = UnitFile.Write("/bin/true", AgentConfiguration.DefaultPath, Configuration, exec).Replace("Documentation=file:///usr/share/doc/perennial-agent/agent.md\n", string.Empty, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, unit, TestContext.Current.CancellationToken);
        using var analyzer = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", "--man=no", path]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await analyzer.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await analyzer.WaitForExitAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
        Assert.DoesNotContain(UnitFile.Name, said, StringComparison.Ordinal);
        Assert.Equal(0, analyzer.ExitCode);
    }
}
