using Perennial.Server.Tests.Commands;
using Perennial.Server.Tests.Instances;

namespace Perennial.Server.Tests.Authorities;

/// <summary>The commands that operators use, beside a server that runs.</summary>
public sealed class CaCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-test-");
    private ServedInstance _served = null!;

    public async ValueTask InitializeAsync()
    {
        _served = await ServedInstance.Open(TimeProvider.System).StartAsync();
        await File.WriteAllTextAsync(At("pass"), "correct horse battery\n", TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_authority_below_an_offline_root_is_requested_signed_and_activated_and_openssl_agrees()
    {
        await DoneAsync(["ca", "root", "create", At("root"), "--name", "Acme Root", "--key", "p384", "--passphrase-file", At("pass")]);
        await DoneAsync(OnData("ca", "request", "factory", "--out", At("factory.csr")));
        await DoneAsync(["ca", "root", "sign", At("root"), At("factory.csr"), "--passphrase-file", At("pass"), "--out", At("chain.pem")]);
        Assert.Contains("active", await DoneAsync(OnData("ca", "activate", At("chain.pem"))), StringComparison.Ordinal);
        var (isGood, text) = await OpenSsl.RunAsync("verify", "-x509_strict", "-CAfile", At("root/root.pem"), At("chain.pem"));
        Assert.True(isGood, text);
        var (isKeyGood, words) = await OpenSsl.RunAsync("pkey", "-in", At("root/root.key"), "-passin", $"file:{At("pass")}", "-noout");
        Assert.True(isKeyGood, words);
        Assert.Contains("8020", await RefusedAsync(OnData("ca", "activate", At("chain.pem"))), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(At("root/issued"), "*.pem"));
        Assert.Empty(Directory.GetFiles(At("root/issued"), "*.planned"));
    }

    [Fact]
    public async Task Profiles_keep_what_is_not_named_and_refuse_what_cannot_be()
    {
        Assert.Contains("--issuer", await RefusedAsync(OnData("ca", "profile", "save", "lamps")), StringComparison.Ordinal);
        await DoneAsync(OnData("ca", "profile", "save", "lamps", "--issuer", "factory", "--keys", "p256,p384", "--validity", "30d", "--self-roll"));
        Assert.Contains("valid 30 days, keys P256, P384, self-roll", await DoneAsync(OnData("ca", "profile", "save", "LAMPS", "--roll-after-expiry", "7")), StringComparison.Ordinal);
        Assert.Contains("1 hour to 10 years", await RefusedAsync(OnData("ca", "profile", "save", "lamps", "--validity", "20y")), StringComparison.Ordinal);
        Assert.Contains("7 days after expiry", await DoneAsync(OnData("ca", "profile", "list")), StringComparison.Ordinal);
        await DoneAsync(OnData("ca", "profile", "delete", "lamps"));
        Assert.Empty(await DoneAsync(OnData("ca", "profile", "list")));
    }

    [Fact]
    public async Task A_manufacturer_is_signed_with_its_names_and_an_authority_revoked()
    {
        var slot = (await DoneAsync(OnData("ca", "create", "factory"))).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var (isMade, text) = await OpenSsl.RunAsync(
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", At("plant.key"), "-subj", "/O=Acme/CN=Acme plant", "-out", At("plant.csr"));
        Assert.True(isMade, text);
        Assert.Contains("names", await RefusedAsync(OnData("ca", "manufacturer", "sign", At("plant.csr"), "--issuer", "factory")), StringComparison.Ordinal);
        await DoneAsync(OnData("ca", "manufacturer", "sign", At("plant.csr"), "--issuer", "factory", "--permit-subject", "O=Acme", "--out", At("plant.pem")));
        var (_, certificate) = await OpenSsl.RunAsync("x509", "-in", At("plant.pem"), "-noout", "-text");
        Assert.Contains("Name Constraints: critical", certificate, StringComparison.Ordinal);
        Assert.Contains("revoked", await DoneAsync(OnData("ca", "revoke", slot, "--reason", "caCompromise")), StringComparison.Ordinal);
        Assert.Contains("revoked", await DoneAsync(OnData("ca", "list")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_says_at_the_start_that_a_root_made_here_is_for_testing()
    {
        var data = At("data");
        string[] serve = ["serve", "--data", data, "--host", "localhost", "--bind", "127.0.0.1", "--mqtt-port", "0", "--amqp-port", "0", "--https-port", "0", "--portal-port", "0"];
        await using (var first = ServerProcess.Start(null, serve))
        {
            await first.WaitUntilReadyAsync();
            await DoneAsync(["ca", "create", "factory", "--data", data]);
            await first.TerminateAsync();
        }

        using var log = new StringWriter();
        using var instance = Server.Instances.Instance.Open(new() { DataFolder = data }, TimeProvider.System);
        await using var server = await Hosting.RunningServer.StartAsync(instance, TimeProvider.System, TestContext.Current.CancellationToken, log);
        Assert.Contains("The root of issuer factory was made on this server: it is for testing", log.ToString(), StringComparison.Ordinal);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string[] OnData(params string[] arguments) => [.. arguments, "--data", _served.Instance.Folder];

    private static async Task<string> DoneAsync(string[] arguments)
    {
        var (exit, output, errors) = await ServerProcess.RunAsync(arguments);
        Assert.True(exit == 0, errors);
        return output;
    }

    private static async Task<string> RefusedAsync(string[] arguments)
    {
        var (exit, _, errors) = await ServerProcess.RunAsync(arguments);
        Assert.Equal(1, exit);
        return errors;
    }
}
