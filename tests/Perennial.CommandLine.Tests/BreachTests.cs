using System.Globalization;
using System.Text.Json;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>The steps out of a breach, and the day that is asked about, on the command line.</summary>
public sealed class BreachTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _stolen = TestAuthority.CreateRoot("Factory");
    private readonly TestAuthority _next = TestAuthority.CreateRoot("Factory 2");
    private ServedInstance _served = null!;

    public async ValueTask InitializeAsync()
    {
        _served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await File.WriteAllTextAsync(At("stolen.pem"), _stolen.Own.CertificatePem);
        await File.WriteAllTextAsync(At("next.pem"), _next.Own.CertificatePem);
        await DoneAsync("enrollment-group", "create", "lamps", "--certificate", At("stolen.pem"));
        await RegisterAsync("lamp-1", _stolen);
    }

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _stolen.Dispose();
        _next.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_breach_is_followed_from_its_opening_to_its_end()
    {
        Assert.Contains("is a root. Take the procedure for a root.", await RefusedAsync("breach", "open", "intermediate", "lamps", "--reason", "stolen"), StringComparison.Ordinal);
        var id = (await JsonAsync("breach", "open", "root", "lamps", "--reason", "stolen")).GetProperty("id").GetString()!;
        var listed = await DoneAsync("breach", "list");
        Assert.Matches($"{id} +root +lamps +open .* stolen", listed);
        var (exitCode, told, _) = await RunAsync("breach", "block", id, "--drain", "--rate", "7", "--plan");
        Assert.Equal(2, exitCode);
        Assert.Contains("1 drains", told, StringComparison.Ordinal);
        Assert.Equal("False", Step(await JsonAsync("breach", "show", id), "block"));
        await DoneAsync("breach", "block", id, "--drain", "--rate", "7", "--first", "lamp-1");
        Assert.Contains("block.mode", await DoneAsync("breach", "show", id), StringComparison.Ordinal);
        Assert.Contains("Bring the new one first", await RefusedAsync("breach", "take-out", id), StringComparison.Ordinal);

        await DoneAsync("enrollment-group", "update", "lamps", "--secondary-certificate", At("next.pem"));
        Assert.Equal($"breach-{id}", (await JsonAsync("breach", "roll", id, "--wave-size", "7")).GetProperty("roll").GetString());
        Assert.Equal("breach", (await JsonAsync("roll", "show", $"breach-{id}")).GetProperty("reason").GetString());
        await RegisterAsync("lamp-1", _next);
        Assert.Equal("True", Step(await JsonAsync("breach", "show", id), "move"));
        Assert.Equal(0, (await RunAsync("breach", "take-out", id, "--plan")).ExitCode);
        Assert.Equal("True", Step(await JsonAsync("breach", "take-out", id), "takeOut"));
        await DoneAsync("breach", "close", id);
        Assert.Contains("is closed already", await RefusedAsync("breach", "close", id), StringComparison.Ordinal);
        Assert.Matches($"{id} +root +lamps +closed", await DoneAsync("breach", "list"));
        Assert.Contains("perennial breach list", await RefusedAsync("breach", "show", "nothing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_tells_who_would_be_refused_and_nobody_is_asked_about_a_day_that_is_over()
    {
        Assert.Contains("0 of 1 devices would be refused", await DoneAsync("expiry", "--at", Day(30)), StringComparison.Ordinal);
        var told = await DoneAsync("expiry", "--at", Day(30_000));
        Assert.Contains("1 of 1 devices would be refused", told, StringComparison.Ordinal);
        Assert.Contains("group 'lamps': of 1 devices, 1 whose own certificate will have ended", told, StringComparison.Ordinal);
        Assert.Equal(1, (await JsonAsync("expiry", "--at", Day(30_000))).GetProperty("refused").GetInt32());
        Assert.Contains("for instance 2027-03-01", await RefusedAsync("expiry", "--at", "2001-03-01"), StringComparison.Ordinal);
    }

    private static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Step(JsonElement breach, string step) => breach.GetProperty("steps").GetProperty(step).ToString();

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task RegisterAsync(string id, TestAuthority signer)
    {
        using var leaf = signer.IssueLeaf(id);
        await ProvisioningDevice.RegisterAsync(_served, id, leaf);
    }

    private Task<string> DoneAsync(params string[] words) => Line.DoneAsync([.. words, "--data", _served.Instance.Folder]);

    private Task<JsonElement> JsonAsync(params string[] words) => Line.JsonAsync([.. words, "--data", _served.Instance.Folder]);

    private Task<string> RefusedAsync(params string[] words) => Line.RefusedAsync([.. words, "--data", _served.Instance.Folder]);

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] words) => Line.RunAsync([.. words, "--data", _served.Instance.Folder]);
}
