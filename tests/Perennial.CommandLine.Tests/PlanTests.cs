using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>Changes that are planned and not made, and the trail of those that are.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _factory = TestAuthority.CreateRoot("Factory");
    private ServedInstance _served = null!;

    public async ValueTask InitializeAsync()
    {
        _served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await File.WriteAllTextAsync(At("factory.pem"), _factory.Own.CertificatePem);
        await Line.DoneAsync("enrollment-group", "create", "lamps", "--certificate", At("factory.pem"), "--data", _served.Instance.Folder);
        using var lamp = _factory.IssueLeaf("lamp-1");
        await ProvisioningDevice.RegisterAsync(_served, "lamp-1", lamp);
    }

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _factory.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_plan_by_which_a_device_loses_access_ends_with_2_and_changes_nothing()
    {
        using var next = TestAuthority.CreateRoot("Factory 2");
        await File.WriteAllTextAsync(At("next.pem"), next.Own.CertificatePem, TestContext.Current.CancellationToken);

        var (disabled, told, _) = await RunAsync("enrollment-group", "disable", "lamps", "--plan");
        Assert.Equal(2, disabled);
        Assert.Contains("1 would lose access", told, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("enrollment-group", "delete", "lamps", "--plan")).ExitCode);
        Assert.Equal(2, (await RunAsync("enrollment-group", "update", "lamps", "--certificate", At("next.pem"), "--plan")).ExitCode);
        var (staged, safe, _) = await RunAsync("enrollment-group", "update", "lamps", "--secondary-certificate", At("next.pem"), "--plan");
        Assert.Equal(0, staged);
        Assert.Contains("nobody loses access", safe, StringComparison.Ordinal);
        var shown = await Line.DoneAsync("enrollment-group", "show", "lamps", "--data", _served.Instance.Folder);
        Assert.Contains("enabled", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(next.Certificate.Thumbprint.ToString(), shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_an_identity_and_a_retirement_are_planned()
    {
        Assert.Equal(2, (await RunAsync("device", "disable", "lamp-1", "--reason", "stolen", "--plan")).ExitCode);
        var (deleted, told, _) = await RunAsync("device", "delete", "lamp-1", "--plan");
        Assert.Equal(2, deleted);
        Assert.Contains("1 would lose access", told, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("device", "enable", "lamp-1", "--plan")).ExitCode);
        Assert.Contains("enabled", await Line.DoneAsync("device", "show", "lamp-1", "--data", _served.Instance.Folder), StringComparison.Ordinal);

        using var next = TestAuthority.CreateRoot("Factory 2");
        await File.WriteAllTextAsync(At("next.pem"), next.Own.CertificatePem, TestContext.Current.CancellationToken);
        await Line.DoneAsync("enrollment-group", "update", "lamps", "--secondary-certificate", At("next.pem"), "--data", _served.Instance.Folder);
        string[] retire = ["enrollment-group", "retire", "lamps", "--slot", "primary", "--plan"];
        Assert.Equal(1, (await RunAsync(retire)).ExitCode);
        using var lamp = next.IssueLeaf("lamp-2");
        await ProvisioningDevice.RegisterAsync(_served, "lamp-2", lamp);
        await Line.DoneAsync("registration", "delete", "lamp-1", "--data", _served.Instance.Folder);
        Assert.Equal(2, (await RunAsync(retire)).ExitCode);
        using var moved = next.IssueLeaf("lamp-1");
        await ProvisioningDevice.RegisterAsync(_served, "lamp-1", moved);
        Assert.Equal(0, (await RunAsync(retire)).ExitCode);
        var shown = await Line.DoneAsync("enrollment-group", "show", "lamps", "--data", _served.Instance.Folder);
        Assert.Contains(_factory.Certificate.Thumbprint.ToString()[..16], shown, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_block_is_planned_made_shown_and_taken_away()
    {
        Assert.Equal(2, (await RunAsync("block", "put", "device", "lamp-1", "--reason", "stolen", "--plan")).ExitCode);
        Assert.Equal(0, (await RunAsync("block", "put", "device", "lamp-9", "--reason", "stolen", "--plan")).ExitCode);
        Assert.DoesNotContain("lamp-1", await Line.DoneAsync("block", "list", "--data", _served.Instance.Folder), StringComparison.Ordinal);
        var (drained, told, _) = await RunAsync("block", "put", "issuer", _factory.Certificate.Thumbprint.ToString(), "--reason", "stolen", "--drain", "--rate", "5", "--plan");
        Assert.Equal(2, drained);
        Assert.Contains("1 drains", told, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("block", "put", "group", "lamps", "--reason", "stolen")).ExitCode);
        Assert.Equal("cut", (await Line.JsonAsync("block", "show", "group", "lamps", "--data", _served.Instance.Folder)).GetProperty("mode").GetString());
        Assert.Equal(0, (await RunAsync("block", "delete", "group", "lamps", "--plan")).ExitCode);
        Assert.Equal(0, (await RunAsync("block", "delete", "group", "lamps")).ExitCode);
        Assert.Equal("[]", (await Line.DoneAsync("block", "list", "-o", "json", "--data", _served.Instance.Folder)).Trim());
    }

    [Fact]
    public async Task A_fleet_file_is_planned_change_by_change()
    {
        await File.WriteAllTextAsync(At("fleet.yaml"), "enrollmentGroups:\n  - id: bulbs\n    symmetricKey: true\n", TestContext.Current.CancellationToken);

        Assert.Equal(0, (await RunAsync("apply", "-f", At("fleet.yaml"), "--plan")).ExitCode);
        Assert.Equal(2, (await RunAsync("apply", "-f", At("fleet.yaml"), "--prune", "--plan")).ExitCode);
        Assert.Contains("lamps", await Line.DoneAsync("enrollment-group", "list", "--data", _served.Instance.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trail_is_listed_by_what_was_done_written_out_and_verified()
    {
        var listed = await Line.JsonAsync("audit", "list", "--action", "enrollment", "--subject", "lamps", "--data", _served.Instance.Folder);
        Assert.StartsWith("enrollment", Assert.Single(listed.EnumerateArray()).GetProperty("action").GetString(), StringComparison.Ordinal);
        Assert.Equal("[]", (await Line.DoneAsync("audit", "list", "--until", "2001-01-01T00:00:00Z", "-o", "json", "--data", _served.Instance.Folder)).Trim());
        await Line.DoneAsync("audit", "export", "--to", At("audit.ndjson"), "--data", _served.Instance.Folder);
        Assert.Contains("lamps", await File.ReadAllTextAsync(At("audit.ndjson"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("is there already", await Line.RefusedAsync("audit", "export", "--to", At("audit.ndjson"), "--data", _served.Instance.Folder), StringComparison.Ordinal);

        var head = (await Line.JsonAsync("audit", "verify", "--data", _served.Instance.Folder)).GetProperty("head").GetString()!;
        Assert.Equal(0, (await RunAsync("audit", "verify", "--expected", head)).ExitCode);
        Assert.Equal(1, (await RunAsync("audit", "verify", "--expected", new string('0', 64))).ExitCode);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words) => Line.RunAsync([.. words, "--data", _served.Instance.Folder]);
}
