using System.Diagnostics;
using Perennial.Agent.Configuration;
using Perennial.Agent.Tests.Servers;

namespace Perennial.Agent.Tests.Keys;

/// <summary>One SoftHSM2 for the tests of this process, since its module reads its configuration once; each test has a token of its own in it.</summary>
internal static class TokenBench
{
    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";

    private const string Pin = "1234%5+6"; // signs that an address would have to escape

    private const int Tokens = 16;

    private static readonly Lazy<string> Folder = new(Prepare);

    private static int _given;

    public static bool IsInstalled { get; } = File.Exists(Module);

    /// <summary>Where SoftHSM2 finds its configuration, for child processes; null while no test has used it.</summary>
    public static string? ConfigurationPath => Folder.IsValueCreated ? Path.Combine(Folder.Value, "softhsm2.conf") : null;

    public static KeySettings MakeToken(KeyAlgorithm algorithm = KeyAlgorithm.P256)
    {
        _ = Folder.Value;
        return new()
        {
            Kind = KeySettings.TokenKind,
            Module = Module,
            Token = LabelOf(Interlocked.Increment(ref _given)),
            PinFile = Path.Combine(Folder.Value, "pin"),
            Algorithm = algorithm,
        };
    }

    /// <summary>Puts a key into a token behind the agent's back.</summary>
    public static void AddForeignKey(KeySettings settings, string label, string id) => Run(
        Folder.Value, "pkcs11-tool", "--module", Module, "--login", "--pin", Pin, "--token-label", settings.Token!, "--keypairgen", "--key-type", "EC:prime256v1", "--label", label, "--id", id);

    private static string Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SOFTHSM2_CONF"] = Path.Combine(folder, "softhsm2.conf");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program}: {error.Result}");
    }

    private static string Prepare()
    {
        var folder = Directory.CreateTempSubdirectory("perennial-softhsm-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(Path.Combine(folder, "tokens"));
        File.WriteAllText(Path.Combine(folder, "softhsm2.conf"), $"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n");
        LittleCloud.WriteSecret(Path.Combine(folder, "pin"), Pin + "\n");
        Durability.Posix.SetVariable("SOFTHSM2_CONF", Path.Combine(folder, "softhsm2.conf"));
        for (var i = 1; i <= Tokens; i++)
        {
            // A module that is loaded does not see tokens that others make.
            Run(folder, "softhsm2-util", "--init-token", "--free", "--label", LabelOf(i), "--pin", Pin, "--so-pin", "87654321");
        }

        return folder;
    }

    // Two digits each: pkcs11-tool takes a label for a token's when the token's begins with it.
    private static string LabelOf(int number) => string.Create(CultureInfo.InvariantCulture, $"device {number:00}");
}
