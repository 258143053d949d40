using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>Rolls on the command line.</summary>
public sealed class RollTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _old = TestAuthority.CreateRoot("Factory");
    private readonly TestAuthority _new = TestAuthority.CreateRoot("Factory 2");
    private ServedInstance _served = null!;

    public async ValueTask InitializeAsync()
    {
        _served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await File.WriteAllTextAsync(At("old.pem"), _old.Own.CertificatePem);
        await File.WriteAllTextAsync(At("new.pem"), _new.Own.CertificatePem);
        await DoneAsync("enrollment-group", "create", "lamps", "--certificate", At("old.pem"), "--secondary-certificate", At("new.pem"));
        await RegisterAsync("lamp-1", _old);
        await RegisterAsync("lamp-2", _old);
    }

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _old.Dispose();
        _new.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_roll_that_is_planned_only_tells_who_has_to_move_and_its_waves_and_is_not_made()
    {
        string[] plan = ["roll", "create", "spring", "--group", "lamps", "--canary-size", "1", "--soak", "600", "--plan"];
        var (exitCode, told, _) = await RunAsync(plan);
        Assert.Equal(2, exitCode);
        Assert.Contains("2 would lose access", told, StringComparison.Ordinal);
        Assert.Contains("the roll: 2 devices in waves of 1, 1; none loses access", told, StringComparison.Ordinal);
        Assert.Equal("[]", (await DoneAsync("roll", "list", "--state", "draft", "-o", "json")).Trim());

        await RegisterAsync("lamp-1", _new);
        await RegisterAsync("lamp-2", _new);
        Assert.Equal(0, (await RunAsync(plan)).ExitCode);
    }

    [Fact]
    public async Task A_plan_comes_from_a_file_and_options_stand_above_it()
    {
        await File.WriteAllTextAsync(
            At("plan.yaml"),
            "canary: [lamp-2]\nwaveSize: 5\ngate: 0.5\nwindows:\n  - days: [saturday]\n    from: \"22:00\"\n    until: 04:00\n    timeZone: Europe/Berlin\n",
            TestContext.Current.CancellationToken);
        await DoneAsync("roll", "create", "spring", "--group", "lamps", "--plan-file", At("plan.yaml"), "--wave-size", "7", "--window", "sunday 01:00-02:00 UTC");
        var audit = await Line.JsonAsync("audit", "list", "--action", "roll.create", "--data", _served.Instance.Folder);
        Assert.Single(audit.EnumerateArray());
        var (exitCode, told, _) = await RunAsync("roll", "create", "x", "--group", "lamps", "--plan-file", At("plan.yaml"), "--plan");
        Assert.Equal(2, exitCode);
        Assert.Contains("in waves of 1, 1", told, StringComparison.Ordinal);

        await File.WriteAllTextAsync(At("wrong.yaml"), "{\"waveSize\": 5, \"speed\": 3}", TestContext.Current.CancellationToken);
        Assert.Contains("'speed' is no member of a plan; known are canarySize", await RefusedAsync("roll", "create", "x", "--group", "lamps", "--plan-file", At("wrong.yaml")), StringComparison.Ordinal);
        await File.WriteAllTextAsync(At("torn.yaml"), "waveSize: [1", TestContext.Current.CancellationToken);
        Assert.Contains("torn.yaml, line", await RefusedAsync("roll", "create", "x", "--group", "lamps", "--plan-file", At("torn.yaml")), StringComparison.Ordinal);
        Assert.Contains("say what is rolled", await RefusedAsync("roll", "create", "x"), StringComparison.Ordinal);
        Assert.Contains("--window takes days", await RefusedAsync("roll", "create", "x", "--group", "lamps", "--window", "someday"), StringComparison.Ordinal);
        Assert.Contains("--gate", (await RunAsync("roll", "create", "x", "--group", "lamps", "--gate", "much")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_roll_is_watched_line_by_line_to_its_end()
    {
        await DoneAsync("roll", "create", "spring", "--group", "lamps", "--canary-size", "2", "--soak", "0");
        await DoneAsync("roll", "start", "spring", "--without-rehearsal", "a test");
        var watching = RunAsync("roll", "watch", "spring");
        await RegisterAsync("lamp-1", _new);
        await DoneAsync("roll", "waive", "spring", "lamp-2", "--reason", "scrapped");
        var (exitCode, told, _) = await watching;

        Assert.Equal(0, exitCode);
        var lines = told.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("spring running, canary [", lines[0], StringComparison.Ordinal);
        Assert.Equal("spring completed, canary [####################] 1 of 2 moved, 1 waived, 0 hold it open", lines[^1].Trim());
        Assert.DoesNotContain('\u001b', told);
        var devices = await DoneAsync("roll", "devices", "spring");
        Assert.Contains("scrapped", devices, StringComparison.Ordinal);
        Assert.DoesNotContain("lamp-", await DoneAsync("roll", "devices", "spring", "--open"), StringComparison.Ordinal);
        Assert.Contains("Completed", await RefusedAsync("roll", "abort", "spring"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_of_a_roll_that_is_aborted_ends_with_1()
    {
        await DoneAsync("roll", "create", "spring", "--group", "lamps");
        await DoneAsync("roll", "abort", "spring");

        Assert.Equal(1, (await RunAsync("roll", "watch", "spring")).ExitCode);
        Assert.Contains("there is no roll 'autumn'", await RefusedAsync("roll", "watch", "autumn"), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task RegisterAsync(string id, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(id);
        await ProvisioningDevice.RegisterAsync(_served, id, leaf);
    }

    private Task<string> DoneAsync(params string[] words) => Line.DoneAsync([.. words, "--data", _served.Instance.Folder]);

    private Task<string> RefusedAsync(params string[] words) => Line.RefusedAsync([.. words, "--data", _served.Instance.Folder]);

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words) => Line.RunAsync([.. words, "--data", _served.Instance.Folder]);
}
