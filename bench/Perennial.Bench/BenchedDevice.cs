using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Perennial.Bench.Servers;
using Perennial.Protocol;

namespace Perennial.Bench;

/// <summary>A device with the agent, enrolled with a service that issues certificates.</summary>
internal sealed class BenchedDevice(PerennialServer perennial, string program, string configuration) : IAsyncDisposable
{
    private const string Id = "benched-1";

    public static async Task<BenchedDevice> MakeAsync(string folder, string program)
    {
        var data = Path.Combine(folder, "instance");
        var perennial = await PerennialServer.StartAsync(data, "localhost");
        await EndAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "perennial.dll"), "ca", "create", "ours", "--data", data);
        await EndAsync("dotnet", Path.Combine(AppContext.BaseDirectory, "perennial.dll"), "ca", "profile", "save", "lamps", "--issuer", "ours", "--self-roll", "true", "--data", data);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var factory = new CertificateRequest($"CN={Id}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        await File.WriteAllTextAsync(Path.Combine(folder, "factory.pem"), factory.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "factory.key"), key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(folder, "factory.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await EnrollAsync(perennial, factory.ExportCertificatePem());
        var path = Path.Combine(folder, "agent.json");
        await File.WriteAllBytesAsync(path, JsonSerializer.SerializeToUtf8Bytes(new
        {
            provisioning = new { host = "localhost", port = perennial.Summary.Ports.Https, idScope = perennial.Summary.IdScope, registrationId = Id },
            hub = new { port = perennial.Summary.Ports.Mqtt },
            trustBundle = perennial.Summary.TrustBundle,
            state = Path.Combine(folder, "state"),
            onboarding = new { certificate = Path.Combine(folder, "factory.pem"), key = Path.Combine(folder, "factory.key") },
        }));
        var device = new BenchedDevice(perennial, program, path);
        await device.RunToEndAsync(["renew-now"]);
        return device;
    }

    /// <summary>One command, from the start of its process to its end.</summary>
    public Task RunToEndAsync(string[] command) => EndAsync(program, [.. command, "--config", configuration]);

    public Task<BenchedAgent> RunAsync() => BenchedAgent.StartAsync(program, configuration);

    public ValueTask DisposeAsync() => perennial.DisposeAsync();

    private static async Task EnrollAsync(PerennialServer perennial, string leaf)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            registrationId = Id,
            credentialPolicyName = "lamps",
            attestation = new { type = "x509", x509 = new { clientCertificates = new { primary = new { certificate = leaf } } } },
        });
        using var answer = await perennial.Provisioning.SendAsync(
            HttpMethod.Put, $"enrollments/{Id}?{ApiVersion.Parameter}={ApiVersion.ProvisioningCertificates}", body, CancellationToken.None);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task EndAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
        }
    }
}
