using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Perennial.Authority.Proofs;
using Perennial.Server.Hosting;
using Perennial.Server.Proofs;
using Perennial.Server.Tests.Instances;
using Perennial.TestCertificates;

namespace Perennial.CommandLine.Tests;

/// <summary>What the examples of the commands find: files by their names, a server on the usual data folder, devices that registered.</summary>
internal sealed class ExampleHome : IAsyncDisposable
{
    private readonly TestAuthority _factory = TestAuthority.CreateRoot("Factory");
    private readonly TestAuthority _next = TestAuthority.CreateRoot("Factory 2");
    private readonly TestCertificate _lamp;
    private readonly TestCertificate _nextLamp;
    private readonly TestCertificate _lampOfAzure = TestAuthority.CreateSelfSignedLeaf("azure-1");

    private ExampleHome(ServedInstance served)
    {
        Served = served;
        _lamp = _factory.IssueLeaf("lamp-1");
        _nextLamp = _factory.IssueLeaf("lamp-1");
    }

    public ServedInstance Served { get; }

    public static async Task<ExampleHome> StartAsync(string folder)
    {
        var served = await ServedInstance.Open(TimeProvider.System, change: options => options with { DataFolder = Path.Combine(folder, "perennial-data") }).StartAsync();
        var home = new ExampleHome(served);
        await home.WriteFilesAsync();
        return home;
    }

    /// <summary>The words of an example as they are run here: without the program, and with the ports and names that the server got.</summary>
    public async Task<string[]> WordsAsync(string example)
    {
        var line = example.Replace("https://localhost:8443", $"https://localhost:{Served.Ports.Https}", StringComparison.Ordinal)
            .Replace("perennial-data/perennial.db", "stopped/perennial.db", StringComparison.Ordinal);
        if (line.Contains(" SLOT ", StringComparison.Ordinal))
        {
            line = line.Replace("SLOT", await NewestSlotAsync(), StringComparison.Ordinal);
        }

        if (line.Contains(" BREACH", StringComparison.Ordinal))
        {
            line = line.Replace("BREACH", (await Line.JsonAsync("breach", "list"))[0].GetProperty("id").GetString()!, StringComparison.Ordinal);
        }

        var words = System.CommandLine.Parsing.CommandLineParser.SplitCommandLine(line).ToArray();
        Assert.Equal("perennial", words[0]);
        return words[1..];
    }

    /// <summary>Brings about what an example takes for granted.</summary>
    public async Task PrepareAsync(string command)
    {
        switch (command)
        {
            case "enrollment retire":
                await RegisterAsync(_nextLamp, "lamp-1");
                break;
            case "enrollment-group retire":
                using (var bulb = _next.IssueLeaf("bulb-1"))
                {
                    await RegisterAsync(bulb, "bulb-1");
                }

                break;
            case "breach open":
                await PrepareBreachAsync();
                break;
            case "roll proof":
                await ReportAsync("winter");
                break;
            case "registration show":
                await Line.DoneAsync("enrollment", "create", "lamp-1", "--certificate", "lamp-1.pem");
                await RegisterAsync(_lamp, "lamp-1");
                break;
            case "certificate verify":
                var code = (await Line.JsonAsync("certificate", "generate-verification-code", "factory")).GetProperty("properties").GetProperty("verificationCode").GetString()!;
                using (var proof = _factory.IssueLeaf(code))
                {
                    await File.WriteAllTextAsync("proof.pem", proof.CertificatePem);
                }

                break;
            case "rehearse":
                await PrepareRollsAsync();
                break;
            default:
                await PrepareAuthorityAsync(command);
                break;
        }
    }

    private async Task PrepareAuthorityAsync(string command)
    {
        switch (command)
        {
            case "ca activate":
                await Line.DoneAsync("ca", "root", "create", "safe/first", "--name", "First", "--passphrase-file", "passphrase");
                await Line.DoneAsync("ca", "root", "sign", "safe/first", "factory.csr", "--passphrase-file", "passphrase", "--out", "chain.pem");
                break;
            case "ca revoke":
                await Line.DoneAsync("ca", "create", "spare");
                break;
            case "ca revoke-certificate":
                await Line.DoneAsync("ca", "profile", "save", "lamps", "--issuer", "ours", "--self-roll");
                await Line.DoneAsync("enrollment", "update", "lamp-1", "--profile", "lamps");
                var request = TestSigningRequest.Make("lamp-1").ToBase64();
                await ProvisioningDevice.RegisterAsync(Served, "lamp-1", _lamp, request);
                break;
            case "ca root sign":
                File.Delete("chain.pem");
                break;
            case "ca root link":
                await Line.DoneAsync("ca", "root", "create", "safe/former", "--name", "Acme Devices Root", "--passphrase-file", "passphrase");
                break;
            case "ca est":
                await Line.DoneAsync("ca", "profile", "save", "lamps", "--issuer", "ours");
                break;
            case "database copy":
                await Line.DoneAsync("backup", "--to", "stopped.backup", "--passphrase-file", "passphrase");
                await Line.DoneAsync("restore", "--from", "stopped.backup", "--data", "stopped", "--passphrase-file", "passphrase");
                break;
            default:
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Served.DisposeAsync();
        _factory.Dispose();
        _next.Dispose();
        _lamp.Dispose();
        _nextLamp.Dispose();
        _lampOfAzure.Dispose();
    }

    // A group with both slots filled, and a device that still uses the old certificate.
    private async Task PrepareRollsAsync()
    {
        await Line.DoneAsync("enrollment-group", "create", "lamps", "--certificate", "factory-ca.pem", "--secondary-certificate", "factory-ca.new.pem");
        using var bulb = _factory.IssueLeaf("bulb-1");
        await RegisterAsync(bulb, "bulb-1");
        await Line.DoneAsync("roll", "create", "autumn", "--group", "lamps");
        await Line.DoneAsync("roll", "create", "winter", "--group", "lamps");
        await Line.DoneAsync("roll", "start", "winter", "--without-rehearsal", "an example");
    }

    // A group whose root was stolen, with the next one staged.
    private static async Task PrepareBreachAsync()
    {
        foreach (var name in new[] { "stolen", "clean" })
        {
            using var root = TestAuthority.CreateRoot($"Line 4, {name}");
            await File.WriteAllTextAsync($"{name}.pem", root.Own.CertificatePem);
        }

        await Line.DoneAsync("enrollment-group", "create", "line-4", "--certificate", "stolen.pem", "--secondary-certificate", "clean.pem");
    }

    // The report follows the end of a roll within seconds; a roll that is over already is not ended again.
    private static async Task ReportAsync(string roll)
    {
        await Line.RunAsync("roll", "abort", roll);
        string report;
        while ((report = (await Line.RunAsync("roll", "proof", roll)).Output).Length == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await File.WriteAllTextAsync("winter.proof.json", report, TestContext.Current.CancellationToken);
        Assert.Contains($"Roll '{roll}'", await Line.DoneAsync("proof", "verify", "winter.proof.json"), StringComparison.Ordinal);
    }

    private Task RegisterAsync(TestCertificate leaf, string id) => ProvisioningDevice.RegisterAsync(Served, id, leaf);

    private async Task<string> NewestSlotAsync()
    {
        await using var database = DatabaseOpening.OpenBeside(Served.Instance.Database, NullLoggerFactory.Instance, TimeProvider.System);
        using var parts = AuthorityParts.Compose(Served.Instance, database, TimeProvider.System);
        return (await parts.Issuers.ListAsync(TestContext.Current.CancellationToken)).Last(slot => slot.IssuerName == "spare").Id;
    }

    private static string SignedReport()
    {
        using var key = ProofKey.Open(ProofKey.Make());
        return SignedProof.Sign(new JsonObject { ["roll"] = new JsonObject { ["id"] = "autumn" }, ["outcome"] = new JsonObject { ["moved"] = 1 } }, key).ToJsonString();
    }

    private async Task WriteFilesAsync()
    {
        using var meter = TestAuthority.CreateSelfSignedLeaf("meter-1");
        using var plant = TestKey.P256();
        var summary = Served.Instance.Summarise();
        foreach (var (name, text) in new Dictionary<string, string>
        {
            ["lamp-1.pem"] = _lamp.CertificatePem,
            ["lamp-1.new.pem"] = _nextLamp.CertificatePem,
            ["meter-1.pem"] = meter.CertificatePem,
            ["factory-ca.pem"] = _factory.Own.CertificatePem,
            ["factory-ca.new.pem"] = _next.Own.CertificatePem,
            ["owner.txt"] = summary.ProvisioningConnectionString,
            ["hub.txt"] = summary.Hubs[0].ConnectionString,
            ["hub-b.txt"] = "HostName=hub-b.example.net;SharedAccessKeyName=iothubowner;SharedAccessKey=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            ["trust-bundle.pem"] = await File.ReadAllTextAsync(Served.Instance.TrustBundle),
            ["autumn.proof.json"] = SignedReport(),
            ["passphrase"] = "correct horse battery\n",
            ["est.txt"] = "lamp-1:secret\n",
            ["plant.csr"] = PemEncoding.WriteString("CERTIFICATE REQUEST", TestSigningRequest.Encode("O=Acme, CN=Acme plant", plant)),
            ["enrollments.json"] = AzureExport.Enrollments(AzureExport.X509("azure-1", _lampOfAzure.CertificatePem)),
            ["fleet.yaml"] = "enrollmentGroups:\n  - id: bulbs\n    symmetricKey: true\n",
            ["devices.csv"] = $"registrationId,certificate\nmeter-1,{Convert.ToBase64String(meter.Der.Span)}\n",
        })
        {
            await File.WriteAllTextAsync(name, text);
        }
    }
}
