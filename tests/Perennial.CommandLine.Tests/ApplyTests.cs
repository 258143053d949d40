using CsCheck;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>Fleet files, applied to a server that runs.</summary>
public sealed class ApplyTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private readonly TestAuthority _factory = TestAuthority.CreateRoot("Factory");
    private readonly TestAuthority _next = TestAuthority.CreateRoot("Factory 2");
    private ServedInstance _served = null!;

    private string FleetFile => Path.Combine(_folder.FullName, "fleet.yaml");

    public async ValueTask InitializeAsync()
    {
        _served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await File.WriteAllTextAsync(At("factory.pem"), _factory.Own.CertificatePem);
        await File.WriteAllBytesAsync(At("next.der"), _next.Own.Der.ToArray());
        await File.WriteAllTextAsync(At("hub-b.txt"), "HostName=hub-b.example.net;SharedAccessKeyName=iothubowner;SharedAccessKey=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
        await File.WriteAllTextAsync(At("key.txt"), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _factory.Dispose();
        _next.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_fleet_is_made_once_and_then_there_is_nothing_to_do()
    {
        await WriteAsync("""
            linkedHubs:
              - host: hub-b.example.net
                connectionStringFile: hub-b.txt
                allocationWeight: 3
            certificates:
              - name: factory
                certificate: factory.pem
                verified: true
            enrollmentGroups:
              - id: lamps
                caName: factory
                iotHubs: [hub-b.example.net, localhost]
                initialTwin:
                  tags: {site: north, floor: 3, name: "3", spare: true}
              - id: bulbs
                symmetricKey: true
                primaryKeyFile: key.txt
                edgeEnabled: true
                reprovisionPolicy: reset
            enrollments:
              - id: lamp-1
                certificate: |
            """ + "\n" + Indented(_factory.IssueLeaf("lamp-1").CertificatePem) + """
                provisioningStatus: disabled
                deviceId: first
            """);

        var first = await ApplyAsync();
        Assert.Contains("5 to create, 0 to change, 0 to delete", first, StringComparison.Ordinal);
        Assert.DoesNotContain("AAECAwQF", first, StringComparison.Ordinal);
        Assert.Equal("nothing to do", (await ApplyAsync("--prune")).Trim());
        var group = await Line.JsonAsync("enrollment-group", "show", "lamps", "--data", _served.Instance.Folder);
        Assert.Equal("""{"site":"north","floor":3,"name":"3","spare":true}""", group.GetProperty("initialTwin").GetProperty("tags").GetRawText().Replace(" ", string.Empty, StringComparison.Ordinal).Replace("\n", string.Empty, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Changes_are_shown_field_by_field_and_what_the_file_does_not_say_stays()
    {
        await WriteAsync("enrollmentGroups:\n  - id: lamps\n    certificate: factory.pem\n    profile: lamps\n    rollOffer: method\n");
        await ApplyAsync();
        await WriteAsync("enrollmentGroups:\n  - id: lamps\n    secondaryCertificate: next.der\n    provisioningStatus: disabled\n");

        var shown = await ApplyAsync("--dry-run");
        Assert.Contains($"secondaryCertificate: empty -> {_next.Certificate.Thumbprint}", shown, StringComparison.Ordinal);
        Assert.Contains("provisioningStatus: enabled -> disabled", shown, StringComparison.Ordinal);
        Assert.Equal(shown, (await ApplyAsync()).Replace("1 changes are made\n", string.Empty, StringComparison.Ordinal));
        var group = await Line.DoneAsync("enrollment-group", "show", "lamps", "--data", _served.Instance.Folder);
        Assert.Contains(_factory.Certificate.Thumbprint.ToString(), group, StringComparison.Ordinal);
        Assert.Contains("credentialPolicyName", group, StringComparison.Ordinal);
        var exported = Path.Combine(_folder.FullName, "exported.yaml");
        await Line.DoneAsync("export", "--to", exported, "--data", _served.Instance.Folder);
        Assert.Contains("rollOffer: \"method\"", await File.ReadAllTextAsync(exported, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Line.DoneAsync("enrollment-group", "update", "lamps", "--roll-offer", "usual", "--data", _served.Instance.Folder);
        Assert.DoesNotContain("rollOffer", await Line.DoneAsync("enrollment-group", "show", "lamps", "--data", _served.Instance.Folder), StringComparison.Ordinal);

        await WriteAsync("enrollmentGroups:\n  - id: lamps\n    certificate: none\n");
        await ApplyAsync();
        Assert.DoesNotContain(_factory.Certificate.Thumbprint.ToString(), await Line.DoneAsync("enrollment-group", "show", "lamps", "--data", _served.Instance.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pruning_deletes_what_the_sections_of_the_file_leave_out_and_nothing_else()
    {
        await WriteAsync("enrollmentGroups:\n  - id: lamps\n    certificate: factory.pem\n  - id: bulbs\n    symmetricKey: true\nenrollments:\n  - id: lamp-1\n    symmetricKey: true\n");
        await ApplyAsync();
        await WriteAsync("enrollmentGroups:\n  - id: bulbs\n    symmetricKey: true\n");

        Assert.Equal("nothing to do", (await ApplyAsync()).Trim());
        Assert.Contains("- enrollment-group 'lamps'\n0 to create, 0 to change, 1 to delete", await ApplyAsync("--prune"), StringComparison.Ordinal);
        Assert.Contains("lamp-1", await Line.DoneAsync("enrollment", "list", "--data", _served.Instance.Folder), StringComparison.Ordinal);
        Assert.DoesNotContain("lamps", await Line.DoneAsync("enrollment-group", "list", "--data", _served.Instance.Folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enrollments:\n  - id: a\n    colour: red\n", ":3: 'colour' is not known here")]
    [InlineData("enrollments:\n  - id: a\n    provisioningStatus: maybe\n", ":3: 'provisioningStatus' is one of enabled, disabled")]
    [InlineData("enrollments:\n  - symmetricKey: true\n", ":2: 'id' is missing")]
    [InlineData("enrollments:\n  - id: a\n  - id: A\n", ":3: enrollment 'A' is declared already in line 2")]
    [InlineData("enrollments:\n  - id: a\n    id: b\n", ":3: ")]
    [InlineData("enrollments:\n  id: a\n", ":2: 'enrollments': is a list")]
    [InlineData("enrollments:\n  - id: a\n    certificate: missing.pem\n", ":3: 'certificate': Could not find file")]
    [InlineData("enrollments:\n  - id: a\n    certificate: key.txt\n", ":3: 'certificate': 20")]
    [InlineData("a: &x [1]\nb: *x\n", ":1: anchors (&name) are not taken")]
    [InlineData("enrollments: !!set {a}\n", ":1: tags (!name) are not taken")]
    [InlineData("enrollments: [\n", ":2: ")]
    [InlineData("groups: []\n", ":1: 'groups' is not known here")]
    [InlineData("enrollments: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n", ":1: this is more than 32 levels deep")]
    public async Task A_fault_of_the_file_is_told_with_its_line(string text, string expected)
    {
        await WriteAsync(text);
        Assert.Contains(FleetFile + expected, await Line.RefusedAsync("apply", "-f", FleetFile, "--yes", "--data", _served.Instance.Folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_refuses_is_told_with_what_is_done_already_and_applying_again_goes_on()
    {
        await WriteAsync("enrollments:\n  - id: lamp-1\n    symmetricKey: true\n  - id: lamp-2\n    certificate: factory.pem\n");
        var refused = await Line.RefusedAsync("apply", "-f", FleetFile, "--yes", "--data", _served.Instance.Folder);
        Assert.Contains("CA certificate where a device certificate", refused, StringComparison.Ordinal);
        Assert.Contains("1 of 2 changes are made", refused, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", await Line.RefusedAsync("apply", "-f", FleetFile, "--data", _served.Instance.Folder), StringComparison.Ordinal);
        await WriteAsync("enrollments:\n  - id: lamp-1\n    symmetricKey: true\n  - id: lamp-2\n    symmetricKey: true\n");
        Assert.Contains("1 to create, 0 to change", await ApplyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_a_file_declares_there_is_nothing_to_do_after_it_was_applied()
    {
        var option = Gen.OneOf(((string[])[
            "provisioningStatus: disabled", "provisioningStatus: enabled", "allocationPolicy: hashed", "allocationPolicy: geoLatency", "iotHubs: [localhost]", "iotHubs: []",
            "reprovisionPolicy: never", "reprovisionPolicy: reset", "reprovisionPolicy: migrate", "edgeEnabled: true", "edgeEnabled: false", "profile: lamps", "profile: ''",
            "initialTwin: {tags: {a: 1, b: [x, 2.5, null]}}", "initialTwin: {properties: {desired: {z: {y: ~, x: false}}}}"]).Select(text => Gen.Const(text)).ToArray());
        var item = Gen.Select(Gen.Int[1, 4], option.Array[0, 5], (number, options) => (number, options: options.DistinctBy(text => text.Split(':')[0]).ToArray()));
        await item.Array[1, 4].SampleAsync(
            async fleet =>
            {
                var text = string.Concat(fleet.DistinctBy(one => one.number).Select(one =>
                    $"  - id: group-{one.number}\n    symmetricKey: true\n{string.Concat(one.options.Select(line => $"    {line}\n"))}"));
                await WriteAsync("enrollmentGroups:\n" + text);
                await ApplyAsync("--prune");
                return (await ApplyAsync("--prune")).Trim() == "nothing to do";
            },
            iter: 12,
            threads: 1);
    }

    [Fact]
    public async Task What_is_exported_makes_the_same_fleet_on_another_server()
    {
        await WriteAsync("certificates:\n  - name: factory\n    certificate: factory.pem\n    verified: true\nenrollmentGroups:\n  - id: lamps\n    certificate: next.der\n    initialTwin: {tags: {a: {b: 1}}}\n  - id: named\n    caName: factory\n"
            + "enrollments:\n  - id: lamp-1\n    symmetricKey: true\n    reprovisionPolicy: never\n    deviceId: one\n");
        await ApplyAsync();
        await Line.DoneAsync("export", "--to", At("all.yaml"), "--show-secrets", "--data", _served.Instance.Folder);
        await using var other = await ServedInstance.Open(TimeProvider.System).StartAsync();

        Assert.Contains("4 to create", await Line.DoneAsync("apply", "-f", At("all.yaml"), "--yes", "--data", other.Instance.Folder), StringComparison.Ordinal);
        Assert.Equal("nothing to do", (await Line.DoneAsync("apply", "-f", At("all.yaml"), "--prune", "--yes", "--data", _served.Instance.Folder)).Trim());
        await Line.DoneAsync("export", "--to", At("again.yaml"), "--show-secrets", "--data", other.Instance.Folder);
        Assert.Equal(await ReadAsync("all.yaml"), await ReadAsync("again.yaml"));
        await Line.DoneAsync("export", "--to", At("plain.yaml"), "--data", _served.Instance.Folder);
        Assert.DoesNotContain("primaryKey", await ReadAsync("plain.yaml"), StringComparison.Ordinal);
        Assert.Contains("is there already", await Line.RefusedAsync("export", "--to", At("plain.yaml"), "--data", _served.Instance.Folder), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(At(name), TestContext.Current.CancellationToken);

    private Task WriteAsync(string text) => File.WriteAllTextAsync(FleetFile, text, TestContext.Current.CancellationToken);

    private Task<string> ApplyAsync(params string[] options) => Line.DoneAsync(["apply", "-f", FleetFile, "--yes", "--data", _served.Instance.Folder, .. options]);

    private static string Indented(string pem) => string.Concat(pem.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"      {line}\n"));
}
