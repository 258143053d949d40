using Perennial.Server.Diagnosis;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>What the doctor says of deployments and of devices' chains.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _factory = TestAuthority.CreateRoot("Factory");
    private ServedInstance _served = null!;

    public async ValueTask InitializeAsync() => _served = await ServedInstance.Open(TimeProvider.System).StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _factory.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_sound_deployment_is_told_check_by_check_and_ends_with_0()
    {
        var told = await Line.DoneAsync("doctor", "--data", _served.Instance.Folder);

        Assert.All(
            ["ok    file modes:", "ok    disk:", "ok    trust bundle:", "ok    database:", $"ok    HTTPS port {_served.Ports.Https}: answers as 'localhost'", $"ok    MQTT port {_served.Ports.Mqtt}:", $"ok    AMQP port {_served.Ports.Amqp}:", $"ok    portal port {_served.Ports.Portal}: the server is ready", "0 failures"],
            line => Assert.Contains(line, told, StringComparison.Ordinal));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Secrets_that_others_may_read_and_a_hub_that_is_not_there_are_failures_with_remedies()
    {
        var policies = Path.Combine(_served.Instance.Folder, "service-policies.json");
        await File.WriteAllTextAsync(At("away.txt"), "HostName=localhost:1;SharedAccessKeyName=iothubowner;SharedAccessKey=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(policies, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        _served.Instance.LinkedHubs.Add([Linked(await File.ReadAllTextAsync(At("away.txt"), TestContext.Current.CancellationToken))]);

        var (exitCode, told, _) = await Line.RunAsync("doctor", "--data", _served.Instance.Folder);
        Assert.Equal(1, exitCode);
        Assert.Contains($"fail  file modes: others may read secrets. Mend it: chmod go= {policies}", told, StringComparison.Ordinal);
        Assert.Contains("fail  linked hub localhost: cannot be reached", told, StringComparison.Ordinal);
        Assert.DoesNotContain("AAECAwQF", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_run_is_told_port_by_port()
    {
        await using var stopped = ServedInstance.Open(TimeProvider.System);
        await File.WriteAllTextAsync(stopped.Instance.TrustBundle, await File.ReadAllTextAsync(_served.Instance.TrustBundle, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        var (exitCode, told, _) = await Line.RunAsync("doctor", "--data", stopped.Instance.Folder);

        Assert.Equal(1, exitCode);
        Assert.Contains($"fail  MQTT port {stopped.Ports.Mqtt}: 127.0.0.1:{stopped.Ports.Mqtt} does not answer", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_is_judged_as_the_server_judges_it()
    {
        using var middle = _factory.CreateIntermediate("Plant");
        using var enrolled = _factory.IssueLeaf("lamp-1");
        using var other = _factory.IssueLeaf("lamp-1");
        using var member = middle.IssueLeaf("bulb-1");
        await _served.EnrollAsync("lamp-1", enrolled);
        await _served.EnrollGroupAsync("bulbs", _factory.Own);

        Assert.Contains("ok    provisioning: 'lamp-1' is taken by the", await JudgeAsync(0, enrolled.CertificatePem, "--at", "provisioning"), StringComparison.Ordinal);
        Assert.Contains("bulbs", await JudgeAsync(0, member.CertificatePem + middle.Own.CertificatePem, "--at", "provisioning"), StringComparison.Ordinal);
        Assert.Contains("fail  provisioning: 3005", await JudgeAsync(1, member.CertificatePem, "--at", "provisioning"), StringComparison.Ordinal);
        Assert.Contains("fail  hub hub: 5001", await JudgeAsync(1, enrolled.CertificatePem, "--at", "hub"), StringComparison.Ordinal);
        await ProvisioningDevice.RegisterAsync(_served, "lamp-1", enrolled);
        Assert.Contains("ok    hub hub: 'lamp-1' is let in", await JudgeAsync(0, enrolled.CertificatePem), StringComparison.Ordinal);

        var refused = await JudgeAsync(1, other.CertificatePem);
        Assert.Contains("fail  provisioning: 3002", refused, StringComparison.Ordinal);
        Assert.Contains("Nearest is the", refused, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.TrueException>(() => ProvisioningDevice.RegisterAsync(_served, "lamp-1", other));
        var sightings = await Line.JsonAsync("device", "sightings", "lamp-1", "--data", _served.Instance.Folder);
        Assert.Contains(sightings.EnumerateArray(), seen => seen.TryGetProperty("refusal", out var number) && number.GetInt32() == 3002);
    }

    [Theory]
    [InlineData(50L << 20, "Fail")]
    [InlineData(500L << 20, "Warn")]
    [InlineData(5L << 30, "Ok")]
    public void A_disk_is_warned_of_before_it_is_full(long free, string expected) => Assert.Equal(expected, $"{CheckFolder.Room("/", free).Level}");

    [Theory]
    [InlineData(0, false)]
    [InlineData(4, false)]
    [InlineData(-6, true)]
    [InlineData(60, true)]
    public void Clocks_that_differ_by_more_than_is_allowed_are_found(int minutes, bool isFound)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(isFound, CheckLinkedHubs.Clock("there", now.AddMinutes(minutes), now) is { Level: FindingLevel.Fail });
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task<string> JudgeAsync(int expected, string chain, params string[] options)
    {
        await File.WriteAllTextAsync(At("chain.pem"), chain, TestContext.Current.CancellationToken);
        var (exitCode, output, errors) = await Line.RunAsync(["doctor", "--device-chain", At("chain.pem"), "--data", _served.Instance.Folder, .. options]);
        Assert.True(exitCode == expected, output + errors);
        return output;
    }

    private static Protocol.Sas.ConnectionString Linked(string text) => Protocol.Sas.ConnectionString.TryParse(text, out var read) ? read : throw new InvalidOperationException();
}
