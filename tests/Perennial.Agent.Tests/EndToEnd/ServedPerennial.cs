using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Perennial.Agent.Configuration;
using Perennial.Agent.Tests.Servers;
using Perennial.Protocol.Sas;
using Perennial.TestCertificates;

namespace Perennial.Agent.Tests.EndToEnd;

/// <summary>The real service as a process, with an authority of its own, a profile and a group for the devices of a factory.</summary>
internal sealed class ServedPerennial : IAsyncDisposable
{
    private const string Version = "api-version=2025-07-01-preview";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "perennial.dll");

    private readonly DirectoryInfo _folder;
    private readonly Process _process;
    private readonly StringWriter _said;
    private readonly HttpClient _http;
    private readonly JsonElement _summary;

    private ServedPerennial(DirectoryInfo folder, Process process, StringWriter said, JsonElement summary)
    {
        _folder = folder;
        _process = process;
        _said = said;
        _summary = summary;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(TrustBundle));
        _http = new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } }) { BaseAddress = new($"https://localhost:{Port("https")}") };
    }

    public TestAuthority Factory { get; } = TestAuthority.CreateRoot("Factory");

    /// <summary>What the service has said of faults and warnings.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    private string TrustBundle => _summary.GetProperty("trustBundle").GetString()!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ServedPerennial> StartAsync(string validity = "30d")
    {
        var folder = Directory.CreateTempSubdirectory("perennial-served-");
        var data = Path.Combine(folder.FullName, "data");
        var start = new ProcessStartInfo("dotnet", [Program, "serve", "--data", data, "--host", "localhost", "--bind", "127.0.0.1", .. Ports()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        var said = new StringWriter(CultureInfo.InvariantCulture);
        Keep(process, said);
        while (await process.StandardOutput.ReadLineAsync(Stop) is { } line && !line.StartsWith("Ready", StringComparison.Ordinal))
        {
        }

        Assert.False(process.HasExited, said.ToString());
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await RunAsync("ca", "create", "ours", "--data", data);
        await RunAsync("ca", "profile", "save", "lamps", "--issuer", "ours", "--validity", validity, "--self-roll", "true", "--roll-after-expiry", "1", "--data", data);
        var summary = JsonDocument.Parse(await RunAsync("info", "--data", data, "--json")).RootElement;
        var served = new ServedPerennial(folder, process, said, summary);
        await served.EnrollGroupAsync();
        return served;
    }

    /// <summary>Makes a device in the factory, and writes its configuration into a folder of its own.</summary>
    public AgentConfiguration MakeDevice(string id)
    {
        var folder = _folder.CreateSubdirectory(id).FullName;
        using var leaf = Factory.IssueLeaf(id);
        return Configure(id, folder, leaf);
    }

    /// <summary>The same for a device that is enrolled by itself.</summary>
    public async Task<AgentConfiguration> MakeIndividualAsync(string id, string? offer = null)
    {
        var folder = _folder.CreateSubdirectory(id).FullName;
        using var leaf = TestAuthority.CreateSelfSignedLeaf(id);
        await SaveAsync($"enrollments/{id}", JsonSerializer.Serialize(new
        {
            registrationId = id,
            credentialPolicyName = "lamps",
            rollOffer = offer,
            attestation = new { type = "x509", x509 = new { clientCertificates = new { primary = new { certificate = leaf.CertificatePem } } } },
        }));
        return Configure(id, folder, leaf);
    }

    /// <summary>Makes another issuer, by which the profile issues from now on.</summary>
    public async Task IssueByAsync(string issuer)
    {
        var data = Path.Combine(_folder.FullName, "data");
        await RunAsync("ca", "create", issuer, "--data", data);
        await RunAsync("ca", "profile", "save", "lamps", "--issuer", issuer, "--validity", "30d", "--self-roll", "true", "--data", data);
    }

    /// <summary>Asks the hub's registry or the provisioning service as an operator.</summary>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, string? body = null, bool isOfHub = true)
    {
        using var request = new HttpRequestMessage(method, path);
        var text = isOfHub ? _summary.GetProperty("hubs")[0].GetProperty("connectionString").GetString() : _summary.GetProperty("provisioningConnectionString").GetString();
        var fields = text!.Split(';').Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
        var token = SharedAccessSignature.Create(
            fields["HostName"], Convert.FromBase64String(fields["SharedAccessKey"]), TimeProvider.System.GetUtcNow().AddHours(1), fields["SharedAccessKeyName"]);
        request.Headers.TryAddWithoutValidation("Authorization", token);
        if (method == HttpMethod.Delete)
        {
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, Stop);
        var content = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {content}");
        return content.Length == 0 ? default : JsonDocument.Parse(content).RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _said.DisposeAsync();
        Factory.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Keep(Process process, StringWriter said)
    {
        process.ErrorDataReceived += (_, heard) =>
        {
            lock (said)
            {
                said.WriteLine(heard.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    private static string[] Ports()
    {
        string[] options = ["--mqtt-port", "--amqp-port", "--https-port", "--portal-port"];
        var probes = options.Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        probes.ForEach(probe => probe.Start());
        var ports = probes.Select(probe => ((IPEndPoint)probe.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)).ToList();
        probes.ForEach(probe => probe.Dispose());
        return [.. options.Zip(ports).SelectMany(pair => new[] { pair.First, pair.Second })];
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        Assert.True(process.ExitCode == 0, $"perennial {string.Join(' ', arguments)}: {output}{await errors}");
        return output;
    }

    private int Port(string name) => _summary.GetProperty("ports").GetProperty(name).GetInt32();

    private AgentConfiguration Configure(string id, string folder, TestCertificate factory)
    {
        File.WriteAllText(Path.Combine(folder, "factory.pem"), factory.CertificatePem);
        LittleCloud.WriteSecret(Path.Combine(folder, "factory.key"), factory.KeyPem);
        return new()
        {
            Provisioning = new() { Host = "localhost", Port = Port("https"), IdScope = _summary.GetProperty("idScope").GetString()!, RegistrationId = id },
            Hub = new() { Port = Port("mqtt") },
            TrustBundle = TrustBundle,
            State = Path.Combine(folder, "state"),
            Onboarding = new() { Certificate = Path.Combine(folder, "factory.pem"), Key = Path.Combine(folder, "factory.key") },
            Roll = new() { TestLimitSeconds = 20 },
        };
    }

    private Task<JsonElement> EnrollGroupAsync() => SaveAsync("enrollmentGroups/factory", JsonSerializer.Serialize(new
    {
        enrollmentGroupId = "factory",
        credentialPolicyName = "lamps",
        attestation = new { type = "x509", x509 = new { signingCertificates = new { primary = new { certificate = Factory.Own.CertificatePem } } } },
    }));

    private Task<JsonElement> SaveAsync(string path, string body) => AskAsync(HttpMethod.Put, $"/{path}?{Version}", body, isOfHub: false);
}
