using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>The commands against a server, by its data folder and by a login.</summary>
public sealed class RemoteTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly string _login = $"test-{Guid.NewGuid():N}";
    private ServedInstance _served = null!;

    public async ValueTask InitializeAsync()
    {
        _served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await File.WriteAllTextAsync(At("owner.txt"), _served.Instance.Summarise().ProvisioningConnectionString + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        await Line.RunAsync("logout", "--name", _login);
        await _served.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_login_reaches_a_server_and_is_kept_for_its_owner_alone()
    {
        var told = await LoginAsync(_served.Instance.TrustBundle);
        var file = told.Trim().Split(' ')[^1];

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain("SharedAccessKey=", told, StringComparison.Ordinal);
        Assert.Contains("localhost", await Line.DoneAsync("linked-hub", "list", "--login", _login), StringComparison.Ordinal);
        Assert.Contains("is forgotten", await Line.DoneAsync("logout", "--name", _login), StringComparison.Ordinal);
        Assert.Contains("there is no login", await Line.RefusedAsync("linked-hub", "list", "--login", _login), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_not_there_or_does_not_know_the_key_is_one_line_with_the_remedy()
    {
        using var other = TestAuthority.CreateRoot("Other");
        await File.WriteAllTextAsync(At("other.pem"), other.Own.CertificatePem, TestContext.Current.CancellationToken);
        Assert.Contains("trust bundle", await LoginRefusedAsync(At("other.pem"), _served.Ports.Https), StringComparison.Ordinal);
        Assert.Contains("no server answers", await LoginRefusedAsync(_served.Instance.TrustBundle, 1), StringComparison.Ordinal);

        var text = await File.ReadAllTextAsync(At("owner.txt"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("owner.txt"), text[..text.LastIndexOf('=', text.Length - 3)] + "=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", TestContext.Current.CancellationToken);
        var refused = await LoginRefusedAsync(_served.Instance.TrustBundle, _served.Ports.Https);
        Assert.Contains("does not let the policy 'provisioningserviceowner' do this", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("AAECAwQF", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_that_ends_below_its_root_is_trusted_and_one_of_another_authority_is_not()
    {
        using var root = TestAuthority.CreateRoot("Public Root");
        using var middle = root.CreateIntermediate("Public Issuer");
        using var server = middle.IssueServer("localhost");
        await File.WriteAllTextAsync(At("tls.pem"), server.CertificatePem + middle.Own.CertificatePem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(At("tls.key"), server.KeyPem, TestContext.Current.CancellationToken);
        await using var served = await ServedInstance.Open(TimeProvider.System, change: options => options with { TlsCertificate = At("tls.pem"), TlsKey = At("tls.key") }).StartAsync();

        Assert.Contains("localhost", await Line.DoneAsync("linked-hub", "list", "--data", served.Instance.Folder), StringComparison.Ordinal);
        Assert.Contains("ok    HTTPS port", await Line.DoneAsync("doctor", "--data", served.Instance.Folder), StringComparison.Ordinal);
        await File.WriteAllTextAsync(served.Instance.TrustBundle, TestAuthority.CreateRoot("Public Issuer").Own.CertificatePem, TestContext.Current.CancellationToken);
        Assert.Contains("is not trusted", await Line.RefusedAsync("linked-hub", "list", "--data", served.Instance.Folder), StringComparison.Ordinal);
        Assert.Contains("fail  HTTPS port", (await Line.RunAsync("doctor", "--data", served.Instance.Folder)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_on_the_data_folder_give_JSON_too()
    {
        await OnDataAsync("ca", "create", "ours");
        await OnDataAsync("ca", "profile", "save", "lamps", "--issuer", "ours");

        Assert.Contains((await Line.JsonAsync("ca", "list", "--data", _served.Instance.Folder)).EnumerateArray(), slot => slot.GetProperty("issuer").GetString() == "ours" && slot.GetProperty("state").GetString() == "active");
        Assert.Equal("lamps", (await Line.JsonAsync("ca", "profile", "list", "--data", _served.Instance.Folder))[0].GetProperty("name").GetString());
        var policy = (await Line.JsonAsync("policy", "show", "provisioningserviceowner", "--data", _served.Instance.Folder))[0];
        Assert.Equal(5, policy.GetProperty("rights").GetArrayLength());
        Assert.False(policy.TryGetProperty("primaryConnectionString", out _));
    }

    [Fact]
    public async Task Keys_are_hidden_until_they_are_asked_for()
    {
        var made = await OnDataAsync("enrollment", "create", "lamp-1", "--symmetric-key");
        Assert.Contains("(hidden: --show-secrets)", made, StringComparison.Ordinal);
        var shown = await OnDataAsync("enrollment", "show", "lamp-1", "--show-secrets", "-o", "json");
        var key = System.Text.Json.JsonDocument.Parse(shown).RootElement.GetProperty("attestation").GetProperty("symmetricKey").GetProperty("primaryKey").GetString()!;
        Assert.Equal(64, Convert.FromBase64String(key).Length);
        Assert.DoesNotContain(key, made, StringComparison.Ordinal);
        Assert.DoesNotContain(key, await OnDataAsync("enrollment", "disable", "lamp-1"), StringComparison.Ordinal);
        Assert.Contains(key, await OnDataAsync("enrollment", "show", "lamp-1", "--show-secrets", "-o", "json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_is_staged_proven_and_retired_and_a_slot_emptied()
    {
        using var authority = TestAuthority.CreateRoot("Factory");
        using var first = authority.IssueLeaf("lamp-1");
        using var second = authority.IssueLeaf("lamp-1");
        await File.WriteAllTextAsync(At("first.pem"), first.CertificatePem, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(At("second.der"), second.Der.ToArray(), TestContext.Current.CancellationToken);
        await OnDataAsync("enrollment", "create", "lamp-1", "--certificate", At("first.pem"), "--edge-enabled", "--reprovision-policy", "never");
        await OnDataAsync("enrollment", "update", "lamp-1", "--secondary-certificate", At("second.der"));
        await ProvisioningDevice.RegisterAsync(_served, "lamp-1", first);

        Assert.Contains("would cut them off", await RefusedAsync("enrollment", "retire", "lamp-1", "--slot", "primary"), StringComparison.Ordinal);
        await ProvisioningDevice.RegisterAsync(_served, "lamp-1", second);
        await OnDataAsync("enrollment", "retire", "lamp-1", "--slot", "primary");
        var list = await OnDataAsync("enrollment", "list");
        Assert.DoesNotContain(first.Certificate.Thumbprint.ToString()[..16], list, StringComparison.Ordinal);
        Assert.Contains(second.Certificate.Thumbprint.ToString()[..16], list, StringComparison.Ordinal);
        await OnDataAsync("enrollment", "update", "lamp-1", "--certificate", At("first.pem"), "--remove-secondary-certificate");
        var shown = await OnDataAsync("enrollment", "show", "lamp-1");
        Assert.DoesNotContain("secondary.info", shown, StringComparison.Ordinal);
        Assert.Contains("capabilities.iotEdge", shown, StringComparison.Ordinal);
        Assert.Contains("would hold no certificate", await RefusedAsync("enrollment", "update", "lamp-1", "--remove-certificate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_there_already_or_attests_twice_is_named()
    {
        await OnDataAsync("enrollment-group", "create", "bulbs", "--symmetric-key");
        Assert.Contains("enrollment-group 'bulbs' is there already", await RefusedAsync("enrollment-group", "create", "bulbs", "--symmetric-key"), StringComparison.Ordinal);
        Assert.Contains("there is no enrollment 'lamp-1'. See them with: perennial enrollment list", await RefusedAsync("enrollment", "show", "lamp-1"), StringComparison.Ordinal);
        Assert.Contains("say how enrollment 'lamp-1' attests", await RefusedAsync("enrollment", "create", "lamp-1"), StringComparison.Ordinal);
        Assert.Contains("attests in one way", await RefusedAsync("enrollment", "create", "lamp-1", "--symmetric-key", "--endorsement-key", "AA=="), StringComparison.Ordinal);
        Assert.Equal(2, (await Line.RunAsync("enrollment", "create")).ExitCode);
        Assert.Equal(2, (await Line.RunAsync("enrollment", "list", "-o", "xml")).ExitCode);
    }

    [Fact]
    public async Task A_device_is_made_disabled_listed_and_deleted()
    {
        using var leaf = TestAuthority.CreateSelfSignedLeaf("meter-1");
        await File.WriteAllTextAsync(At("meter.pem"), leaf.CertificatePem, TestContext.Current.CancellationToken);
        await OnDataAsync("device", "create", "meter-1", "--certificate", At("meter.pem"));
        Assert.Contains("is there already", await RefusedAsync("device", "create", "meter-1"), StringComparison.Ordinal);
        Assert.Contains("stolen", await OnDataAsync("device", "disable", "meter-1", "--reason", "stolen"), StringComparison.Ordinal);
        Assert.Contains("disabled", await OnDataAsync("device", "list"), StringComparison.Ordinal);
        await OnDataAsync("device", "delete", "meter-1");
        Assert.Contains("there is no device 'meter-1'", await RefusedAsync("device", "show", "meter-1"), StringComparison.Ordinal);
        Assert.Contains("there is no hub 'other'", await RefusedAsync("device", "list", "--hub", "other"), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private Task<string> OnDataAsync(params string[] words) => Line.DoneAsync([.. words, "--data", _served.Instance.Folder]);

    private Task<string> RefusedAsync(params string[] words) => Line.RefusedAsync([.. words, "--data", _served.Instance.Folder]);

    private Task<string> LoginAsync(string bundle) => Line.DoneAsync(Login(bundle, _served.Ports.Https));

    private Task<string> LoginRefusedAsync(string bundle, int port) => Line.RefusedAsync(Login(bundle, port));

    private string[] Login(string bundle, int port) =>
        ["login", "--server", $"https://localhost:{port}", "--connection-string-file", At("owner.txt"), "--trust-bundle", bundle, "--name", _login];
}
