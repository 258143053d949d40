using System.CommandLine;
using System.Security.Cryptography;
using Perennial.Authority.Authorities;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca root</c>: a root in a folder of its own, for a machine without a network. Needs no data folder.</summary>
internal static class CaRootCommand
{
    private static readonly Argument<string> Folder = new("folder") { Description = "The folder of the root, on a medium that is put away." };

    private static readonly Argument<string> RequestFile = new("request") { Description = "The signing request as PEM." };

    private static readonly Argument<string> FormerFolder = new("former") { Description = "The folder of the root before." };

    private static readonly Option<string> Name = new("--name") { Description = "The common name of the root.", HelpName = "CN", Required = true };

    private static readonly Option<string> Key = KeyOption.Create();

    private static readonly Option<string> Passphrase = PassphraseOption.Create("A file whose first line is the passphrase of the root's key, 12 characters or more.");

    private static readonly Option<string> FormerPassphrase = new("--former-passphrase-file") { Description = "The one of the root before.", HelpName = "FILE", Required = true };

    private static readonly Option<TimeSpan> RootValidity = LifetimeOption.Create("--validity", "How long the root is valid.", "20y");

    private static readonly Option<TimeSpan> Validity = LifetimeOption.Create("--validity", "How long the authority is valid.", "10y");

    private static readonly Option<int?> PathLength = new("--path-length") { Description = "Most authorities below the signed one. Default 0.", HelpName = "N" };

    private static readonly Option<string?> Out = new("--out") { Description = "The file to write, with the chain. Default standard output.", HelpName = "FILE" };

    public static Command Create()
    {
        var create = new Verb("create", "Makes a root: an encrypted key and a certificate.", "perennial ca root create safe/root --name \"Acme Devices Root\" --passphrase-file passphrase") { Folder, Name, Key, RootValidity, Passphrase };
        var sign = new Verb("sign", "Signs the request of an issuing authority, and writes the chain that perennial ca activate takes.", "perennial ca root sign safe/root factory.csr --passphrase-file passphrase --out chain.pem")
        {
            Folder, RequestFile, Validity, PathLength, Passphrase, Out,
        };
        var link = new Verb("link", "Links a root with the one before: each signed by the other.", "perennial ca root link safe/root safe/former --passphrase-file passphrase --former-passphrase-file passphrase --out links.pem") { Folder, FormerFolder, Passphrase, FormerPassphrase, Out };
        create.SetAction((line, _) => RunAsync(() => CreateAsync(line)));
        sign.SetAction((line, _) => RunAsync(() => SignAsync(line)));
        link.SetAction((line, _) => RunAsync(() => LinkAsync(line)));
        return new Command("root", "Works on a root that is kept away from the server.") { create, sign, link };
    }

    private static async Task<int> RunAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or InvalidDataException)
        {
            throw new OperatorException(exception.Message, exception);
        }
    }

    private static async Task CreateAsync(ParseResult line)
    {
        if (!CommonName.TryParse(line.GetRequiredValue(Name), out var name))
        {
            throw new OperatorException("--name takes 1 to 64 printable ASCII characters.");
        }

        using var root = await OfflineRoot.CreateAsync(
            line.GetRequiredValue(Folder), name, KeyOption.AlgorithmOf(line.GetRequiredValue(Key)), line.GetRequiredValue(RootValidity), PassphraseOf(line), TimeProvider.System);
        await Console.Out.WriteLineAsync($"{root.Certificate} until {root.Certificate.NotAfter:u}");
    }

    private static async Task SignAsync(ParseResult line)
    {
        var request = OperatorFile.ReadRequest(line.GetRequiredValue(RequestFile));
        using var root = OfflineRoot.Open(line.GetRequiredValue(Folder), PassphraseOf(line), TimeProvider.System);
        var certificate = await root.SignAsync(new AuthorityTemplate
        {
            Subject = request.Subject.Der,
            Name = request.CommonName.Value,
            PublicKeyInfo = request.PublicKeyInfo,
            Validity = line.GetRequiredValue(Validity),
            PathLength = line.GetValue(PathLength) ?? 0,
        });
        await OperatorFile.WriteAsync(line.GetValue(Out), Pem.Write(certificate) + Pem.Write(root.Certificate));
    }

    private static async Task LinkAsync(ParseResult line)
    {
        using var root = OfflineRoot.Open(line.GetRequiredValue(Folder), PassphraseOf(line), TimeProvider.System);
        using var former = OfflineRoot.Open(line.GetRequiredValue(FormerFolder), PassphraseOption.Read(line.GetRequiredValue(FormerPassphrase)), TimeProvider.System);
        var (newWithOld, oldWithNew) = await root.LinkAsync(former);
        await OperatorFile.WriteAsync(line.GetValue(Out), Pem.Write(newWithOld) + Pem.Write(oldWithNew));
    }

    private static string PassphraseOf(ParseResult line) => PassphraseOption.Read(line.GetRequiredValue(Passphrase));
}
