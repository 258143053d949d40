using System.Text;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>Exports of an Azure service, imported into a server that runs.</summary>
public sealed class ImportAzureTests : IAsyncLifetime
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private const string OtherKey = "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _factory = TestAuthority.CreateRoot("Contoso Factory");
    private ServedInstance _served = null!;

    private string File => Path.Combine(_folder.FullName, "export.json");

    public async ValueTask InitializeAsync() => _served = await ServedInstance.Open(TimeProvider.System).StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _factory.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Enrollments_of_each_kind_come_over_whole_and_a_second_run_changes_nothing()
    {
        using var leaf = _factory.IssueLeaf("lamp-1");
        await WriteAsync(AzureExport.Enrollments(
            AzureExport.X509("lamp-1", Convert.ToBase64String(leaf.Der.Span)),
            AzureExport.Keys("lamp-2", Key, OtherKey),
            AzureExport.Group("lamps", _factory.Own.CertificatePem),
            AzureExport.Keys("bulbs", OtherKey, Key, "enrollmentGroupId")));

        Assert.Contains("4 created, 0 unchanged, 0 refused", await DoneAsync("--map-hub", $"{AzureExport.Hub}=localhost"), StringComparison.Ordinal);
        var lamp = await ShowAsync("enrollment", "lamp-1");
        Assert.Equal(leaf.Certificate.Thumbprint.ToString(), lamp.GetProperty("attestation").GetProperty("x509").GetProperty("clientCertificates").GetProperty("primary").GetProperty("info").GetProperty("sha256Thumbprint").GetString());
        Assert.Equal("""{"tags":{"site":"north"},"properties":{"desired":{"interval":30}}}""", Compact(lamp.GetProperty("initialTwin")));
        Assert.Equal("localhost", lamp.GetProperty("iotHubs")[0].GetString());
        Assert.Equal("device-of-lamp-1", lamp.GetProperty("deviceId").GetString());
        var keys = (await ShowAsync("enrollment", "lamp-2", "--show-secrets")).GetProperty("attestation").GetProperty("symmetricKey");
        Assert.Equal((Key, OtherKey), (keys.GetProperty("primaryKey").GetString(), keys.GetProperty("secondaryKey").GetString()));

        Assert.Contains("0 created, 4 unchanged, 0 refused", await DoneAsync("--map-hub", $"{AzureExport.Hub}=localhost"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_told_row_by_row_with_its_reason_and_the_rest_is_taken()
    {
        using var leaf = _factory.IssueLeaf("lamp-9");
        await WriteAsync(AzureExport.Enrollments(
            AzureExport.X509("lamp-1", null, leaf.Certificate.Thumbprint.ToString()),
            AzureExport.Keys("lamp-2", null, null),
            AzureExport.Keys("lamp-3", "****", "****"),
            AzureExport.Tpm("lamp-4", "bm90IGEga2V5"),
            AzureExport.X509("lamp-5", leaf.CertificatePem),
            new System.Text.Json.Nodes.JsonObject { ["id"] = "something else" },
            AzureExport.X509("lamp-9", leaf.CertificatePem)));

        var (exitCode, output, _) = await RunAsync("--any-hub");

        Assert.Equal(1, exitCode);
        Assert.Contains("1 created, 0 unchanged, 6 refused", output, StringComparison.Ordinal);
        var rows = (await System.IO.File.ReadAllLinesAsync(File + ".result.csv", TestContext.Current.CancellationToken)).Skip(1).ToArray();
        Assert.Collection(
            rows,
            row => Assert.Contains("--certificates DIR", row, StringComparison.Ordinal),
            row => Assert.Contains("az iot dps enrollment show --show-keys", row, StringComparison.Ordinal),
            row => Assert.Contains("holds no symmetric keys", row, StringComparison.Ordinal),
            row => Assert.Contains("attestation.tpm.endorsementKey", row, StringComparison.Ordinal),
            row => Assert.Contains("has the common name 'lamp-9'", row, StringComparison.Ordinal),
            row => Assert.Contains("neither an enrollment", row, StringComparison.Ordinal),
            row => Assert.StartsWith("7,lamp-9,created", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_the_export_only_names_is_found_in_a_folder_by_its_thumbprint()
    {
        using var leaf = _factory.IssueLeaf("lamp-1");
        var folder = _folder.CreateSubdirectory("certificates").FullName;
        await System.IO.File.WriteAllBytesAsync(Path.Combine(folder, "first.der"), leaf.Der.ToArray(), TestContext.Current.CancellationToken);
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "first.key"), leaf.KeyPem, TestContext.Current.CancellationToken);
        await WriteAsync(AzureExport.Enrollments(AzureExport.X509("lamp-1", null, leaf.Certificate.Thumbprint.ToString().ToLowerInvariant())));

        Assert.Contains("1 created", await DoneAsync("--any-hub", "--certificates", folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_of_Azures_that_is_mapped_to_none_is_refused_by_its_name()
    {
        using var leaf = _factory.IssueLeaf("lamp-1");
        await WriteAsync(AzureExport.X509("lamp-1", leaf.CertificatePem).ToJsonString());

        Assert.Equal(1, (await RunAsync()).ExitCode);
        Assert.Contains(AzureExport.Hub, (await System.IO.File.ReadAllLinesAsync(File + ".result.csv", TestContext.Current.CancellationToken))[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_a_shell_of_Windows_wrote_is_read_and_one_that_breaks_off_says_how_far_it_came()
    {
        using var leaf = _factory.IssueLeaf("lamp-1");
        var text = AzureExport.Enrollments(AzureExport.X509("lamp-1", leaf.CertificatePem));
        await System.IO.File.WriteAllTextAsync(File, text, Encoding.Unicode, TestContext.Current.CancellationToken);
        Assert.Contains("1 created", await DoneAsync("--any-hub"), StringComparison.Ordinal);

        await WriteAsync(text.TrimEnd(']', '\n') + ",{\"registrationId\":");
        var (exitCode, _, errors) = await RunAsync("--any-hub");
        Assert.Equal(1, exitCode);
        Assert.Contains("is not JSON", errors, StringComparison.Ordinal);
    }

    private Task WriteAsync(string text) => System.IO.File.WriteAllTextAsync(File, text, TestContext.Current.CancellationToken);

    private Task<string> DoneAsync(params string[] options) => Line.DoneAsync(["import", "azure", File, "--data", _served.Instance.Folder, .. options]);

    private Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options) =>
        Line.RunAsync(["import", "azure", File, "--data", _served.Instance.Folder, .. options]);

    private Task<System.Text.Json.JsonElement> ShowAsync(string noun, string id, params string[] options) =>
        Line.JsonAsync([noun, "show", id, "--data", _served.Instance.Folder, .. options]);

    private static string Compact(System.Text.Json.JsonElement element) => System.Text.Json.JsonSerializer.Serialize(element);
}
