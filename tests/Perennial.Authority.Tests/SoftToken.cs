using System.Diagnostics;
using System.Runtime.InteropServices;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Tests;

/// <summary>A SoftHSM token in a folder of its own. SoftHSM reads its configuration by a variable of the process, so there is one at a time.</summary>
internal sealed class SoftToken : IDisposable
{
    public const string Pin = "98765432";

    private const string Module = "/usr/lib/softhsm/libsofthsm2.so";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("perennial-token-");

    public SoftToken()
    {
        Directory.CreateDirectory(Tokens);
        File.WriteAllText(Configuration, $"directories.tokendir = {Tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        if (SetVariable("SOFTHSM2_CONF", Configuration, 1) != 0)
        {
            throw new InvalidOperationException("The variable SOFTHSM2_CONF cannot be set.");
        }

        Run("--init-token", "--free", "--label", "perennial", "--so-pin", "12345678", "--pin", Pin);
        WritePin(Pin);
    }

    public KeyAddress Address => KeyAddress.TryParse($"pkcs11:token=perennial?module-path={Module}&pin-source={PinFile}", out var address)
        ? address
        : throw new InvalidOperationException("The address of the token cannot be read.");

    private string Tokens => Path.Combine(_folder.FullName, "tokens");

    private string Away => Path.Combine(_folder.FullName, "away");

    private string Configuration => Path.Combine(_folder.FullName, "softhsm2.conf");

    private string PinFile => Path.Combine(_folder.FullName, "pin");

    public void WritePin(string pin) => File.WriteAllText(PinFile, pin + "\n");

    /// <summary>Takes the token away from the module.</summary>
    public void TakeAway()
    {
        Directory.CreateDirectory(Away);
        Move(Tokens, Away);
    }

    public void PutBack() => Move(Away, Tokens);

    public void Dispose() => _folder.Delete(recursive: true);

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(string name, string value, int overwrite);

    private static void Move(string from, string to)
    {
        foreach (var token in Directory.GetDirectories(from))
        {
            Directory.Move(token, Path.Combine(to, Path.GetFileName(token)));
        }
    }

    private void Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("softhsm2-util", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SOFTHSM2_CONF"] = Configuration;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"softhsm2-util: {output}");
        }
    }
}
