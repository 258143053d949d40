using System.Net;
using System.Net.Sockets;
using Perennial.Server.Tests.Tls;

namespace Perennial.Server.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("perennial-test-").FullName;

    private string Data => Path.Combine(_folder, "data");

    private string[] Serve => ["serve", "--data", Data, "--host", "localhost", "--bind", "127.0.0.1", "--mqtt-port", "0", "--amqp-port", "0", "--https-port", "0", "--portal-port", "0"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_first_start_makes_the_instance_and_a_later_one_keeps_it()
    {
        await using (var first = ServerProcess.Start(null, Serve))
        {
            await first.WaitUntilReadyAsync();
            await first.TerminateAsync();
        }

        var before = await ServerProcess.DescribeAsync(Data);
        await using var second = ServerProcess.Start(null, "serve", "--data", Data);
        await second.WaitUntilReadyAsync();
        var after = await ServerProcess.DescribeAsync(Data);

        Assert.Equal(before.GetRawText(), after.GetRawText());
        Assert.Matches("^0ne[0-9A-F]{8}$", before.GetProperty("idScope").GetString());
        Assert.Contains(before.GetProperty("idScope").GetString()!, second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SharedAccessKey", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Keys_are_readable_by_their_owner_alone()
    {
        await using var server = ServerProcess.Start(null, Serve);
        await server.WaitUntilReadyAsync();
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        string[] secret =
        [
            Path.Combine(Data, "service-policies.json"), Path.Combine(Data, "keys"), Path.Combine(Data, "keys", "root.key"),
            .. Directory.GetFiles(Data, "perennial.db*"),
        ];

        Assert.All(secret, path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));
    }

    [Fact]
    public async Task Another_hub_is_covered_by_the_server_certificate_under_the_same_root()
    {
        await using (var first = ServerProcess.Start(null, Serve))
        {
            await first.WaitUntilReadyAsync();
            await first.TerminateAsync();
        }

        var bundle = await File.ReadAllTextAsync(Path.Combine(Data, "trust-bundle.pem"), TestContext.Current.CancellationToken);
        await using var second = ServerProcess.Start(null, "serve", "--data", Data, "--hub", "a=a.example.net", "--hub", "b=b.example.net");
        await second.WaitUntilReadyAsync();
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(
            Path.Combine(Data, "keys", "server.pem"));

        Assert.Equal(bundle, await File.ReadAllTextAsync(Path.Combine(Data, "trust-bundle.pem"), TestContext.Current.CancellationToken));
        Assert.All(["localhost", "127.0.0.1", "a.example.net", "b.example.net"], name => Assert.True(certificate.MatchesHostname(name)));
        var hubs = (await ServerProcess.DescribeAsync(Data)).GetProperty("hubs").EnumerateArray().Select(hub => hub.GetProperty("name").GetString());
        Assert.Equal(["a", "b"], hubs);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_that_names_the_port_and_the_remedy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        string[] arguments = [.. Serve];
        arguments[Array.IndexOf(arguments, "--mqtt-port") + 1] = $"{port}";
        var (exitCode, output, errors) = await ServerProcess.RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        var line = Assert.Single(Lines(errors));
        Assert.StartsWith($"perennial: port {port} (MQTT) is in use", line, StringComparison.Ordinal);
        Assert.EndsWith("or choose another with --mqtt-port.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_in_use_is_one_line()
    {
        await using var first = ServerProcess.Start(null, Serve);
        await first.WaitUntilReadyAsync();

        var (exitCode, _, errors) = await ServerProcess.RunAsync(Serve);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("perennial: the data folder", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--key", "--registration-id")]
    [InlineData("--symmetric-key", "--rid")]
    public async Task The_key_of_a_device_is_derived_from_its_groups(string keyOption, string idOption)
    {
        const string GroupKey = "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==";
        var (exitCode, output, _) = await ServerProcess.RunAsync("compute-device-key", keyOption, GroupKey, idOption, "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6");

        Assert.Equal(0, exitCode);
        Assert.Equal("Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=", output.Trim());
    }

    [Theory]
    [InlineData("c2hvcnQ=", "dev-01")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "dev 01")]
    public async Task A_key_or_an_id_that_is_none_is_one_line_without_the_key(string key, string id)
    {
        var (exitCode, output, errors) = await ServerProcess.RunAsync("compute-device-key", "--key", key, "--registration-id", id);

        Assert.Equal((1, string.Empty), (exitCode, output));
        Assert.DoesNotContain(key, Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve", "--no-such-option")]
    [InlineData("serve", "--mqtt-port", "ninety")]
    [InlineData("serve", "--hub", "no-host-name")]
    [InlineData("serve", "--bind", "nowhere")]
    [InlineData("serve", "--tls-cert", "alone.pem")]
    [InlineData("frobnicate")]
    public async Task A_line_that_cannot_be_understood_is_one_line_and_exit_code_2(params string[] arguments)
    {
        var (exitCode, _, errors) = await ServerProcess.RunAsync(arguments);

        Assert.Equal(2, exitCode);
        Assert.StartsWith("perennial: ", Assert.Single(Lines(errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_one_line_without_its_password()
    {
        var (exitCode, _, errors) = await ServerProcess.RunAsync([.. Serve, "--database", "Host=127.0.0.1;Port=1;Database=fleet;Password=hush"]);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(Lines(errors));
        Assert.Contains("Is PostgreSQL running", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", await File.ReadAllTextAsync(Path.Combine(Data, "instance.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var (_, info, _) = await ServerProcess.RunAsync("info", "--data", Data);
        Assert.Contains("Database=fleet", info, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", info, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://db/fleet")]
    [InlineData("Host=db;Colour=hush")]
    [InlineData("Host=db;Password=hush")]
    public async Task Words_for_a_database_that_cannot_be_understood_are_told_without_repeating_them(string words)
    {
        var (exitCode, _, errors) = await ServerProcess.RunAsync([.. Serve, "--database", words]);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(Lines(errors));
        Assert.Contains("Host=…;Database=…", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGTERM_closes_live_connections_and_ends_with_0_within_five_seconds()
    {
        await using var server = ServerProcess.Start(null, Serve);
        await server.WaitUntilReadyAsync();
        var info = await ServerProcess.DescribeAsync(Data);
        await using var device = await TlsClient.ConnectAsync(
            Path.Combine(Data, "trust-bundle.pem"), info.GetProperty("ports").GetProperty("mqtt").GetInt32(), leaf: null);
        await device.RegisterAsync(info.GetProperty("idScope").GetString()!, "someone");

        var (exitCode, took) = await server.TerminateAsync();

        Assert.Equal(0, exitCode);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Null(await device.Channel.ReceiveAsync(TestContext.Current.CancellationToken));
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
