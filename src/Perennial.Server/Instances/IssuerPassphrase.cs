using System.Security.Cryptography;

namespace Perennial.Server.Instances;

/// <summary>
/// The passphrase of the issuers' key files: the first line of a file that the operator named with <c>--issuer-passphrase-file</c>, or of
/// <c>keys/issuers.passphrase</c>, which is made at the first need.
/// </summary>
internal sealed class IssuerPassphrase(Instance instance)
{
    private const int RandomBytes = 32;

    public string File => instance.Document.IssuerPassphraseFile ?? OwnFile;

    private string OwnFile => Path.Combine(instance.KeysFolder, "issuers.passphrase");

    /// <exception cref="IOException">The file cannot be read, or is empty.</exception>
    public string Read()
    {
        if (instance.Document.IssuerPassphraseFile is null && !System.IO.File.Exists(OwnFile))
        {
            AtomicFile.WriteSecret(OwnFile, Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(RandomBytes)) + "\n"));
        }

        var line = System.IO.File.ReadLines(File).FirstOrDefault();
        return string.IsNullOrEmpty(line) ? throw new IOException($"The first line of {File} is empty; it is to be the passphrase of the issuers' keys.") : line;
    }
}
