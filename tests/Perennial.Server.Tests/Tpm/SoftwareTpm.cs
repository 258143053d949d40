using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Perennial.Server.Tests.Tpm;

/// <summary>A TPM 2.0 in software (swtpm), driven by the tools that a device maker uses (tpm2-tools).</summary>
internal sealed class SoftwareTpm : IDisposable
{
    // What tpm2_activatecredential expects before its two structures.
    private static readonly byte[] CredentialHeader = [0xBA, 0xDC, 0xC0, 0xDE, 0, 0, 0, 1];

    private readonly string _folder = Directory.CreateTempSubdirectory("perennial-tpm-").FullName;

    private SoftwareTpm()
    {
    }

    public string EndorsementKey => Base64("ek.pub");

    public string StorageRootKey => Base64("srk.pub");

    /// <param name="algorithm">Of both keys: rsa or ecc.</param>
    public static SoftwareTpm Start(string algorithm)
    {
        var tpm = new SoftwareTpm();
        tpm.Run(
            "swtpm", "socket", "--tpm2", "--daemon", "--pid", $"file={tpm.At("pid")}", "--tpmstate", $"dir={tpm._folder}",
            "--server", $"type=unixio,path={tpm.At("tpm")}", "--ctrl", $"type=unixio,path={tpm.At("tpm.ctrl")}", "--flags", "startup-clear");
        tpm.Use("tpm2_createek", "-G", algorithm, "-c", "ek.ctx", "-u", "ek.pub");
        tpm.Use("tpm2_createprimary", "-C", "o", "-G", algorithm == "ecc" ? "ecc" : "rsa", "-c", "srk.ctx");
        tpm.Use("tpm2_readpublic", "-c", "srk.ctx", "-o", "srk.pub", "-f", "tss");
        return tpm;
    }

    /// <summary>Takes a wrapped key in, in the order in which the SDKs do it.</summary>
    public void Activate(byte[] blob)
    {
        var parts = Parts(blob);
        Assert.Equal(6, parts.Count);
        File.WriteAllBytes(At("credential"), [.. CredentialHeader, .. parts[0], .. parts[1]]);
        File.WriteAllBytes(At("key.dup"), parts[2]);
        File.WriteAllBytes(At("key.seed"), parts[3]);
        File.WriteAllBytes(At("key.pub"), parts[4]);
        Run("tpm2_startauthsession", "--policy-session", "-S", "session.ctx");
        Run("tpm2_policysecret", "-S", "session.ctx", "-c", "e");
        Run("tpm2_activatecredential", "-c", "srk.ctx", "-C", "ek.ctx", "-i", "credential", "-o", "inner.key", "-P", "session:session.ctx");
        Run("tpm2_flushcontext", "session.ctx");
        Run("tpm2_flushcontext", "-t");
        Use("tpm2_import", "-C", "srk.ctx", "-u", "key.pub", "-i", "key.dup", "-s", "key.seed", "-k", "inner.key", "-r", "key.priv");
        Use("tpm2_load", "-C", "srk.ctx", "-u", "key.pub", "-r", "key.priv", "-c", "key.ctx");
    }

    /// <summary>HMAC by the key that was taken in, which never leaves the TPM.</summary>
    public byte[] Sign(string text)
    {
        File.WriteAllText(At("text"), text);
        Use("tpm2_hmac", "-c", "key.ctx", "-o", "signature", "text");
        return File.ReadAllBytes(At("signature"));
    }

    /// <summary>A shared access signature by the key that was taken in.</summary>
    public string Token(string resource, DateTimeOffset expiry, string? keyName)
    {
        var (sr, se) = (Uri.EscapeDataString(resource), expiry.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        var signature = Uri.EscapeDataString(Convert.ToBase64String(Sign($"{sr}\n{se}")));
        return $"SharedAccessSignature sr={sr}&sig={signature}&se={se}{(keyName is null ? string.Empty : $"&skn={keyName}")}";
    }

    public void Dispose()
    {
        if (File.Exists(At("pid")))
        {
            using var process = Process.GetProcessById(int.Parse(File.ReadAllText(At("pid")), CultureInfo.InvariantCulture));
            process.Kill();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static List<byte[]> Parts(byte[] blob)
    {
        var parts = new List<byte[]>();
        for (var start = 0; start < blob.Length;)
        {
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(blob.AsSpan(start));
            parts.Add(blob[start..(start + length)]);
            start += length;
        }

        return parts;
    }

    private string At(string name) => Path.Combine(_folder, name);

    private string Base64(string name) => Convert.ToBase64String(File.ReadAllBytes(At(name)));

    // Nothing stands between the tools and the TPM that would make room in it.
    private void Use(string tool, params string[] arguments)
    {
        Run(tool, arguments);
        Run("tpm2_flushcontext", "-t");
    }

    private void Run(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TPM2TOOLS_TCTI"] = $"swtpm:path={At("tpm")}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}: {errors.Result}");
    }
}
