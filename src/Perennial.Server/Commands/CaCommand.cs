using System.CommandLine;
using Perennial.Authority.Authorities;
using Perennial.Authority.Keys;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca</c>: issuing authorities and certificate profiles. A running server issues by a change at once.</summary>
internal static class CaCommand
{
    public static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ServeCommand.DefaultDataFolder,
        Recursive = true,
    };

    public static readonly Argument<string> Issuer = new("issuer") { Description = "The issuer, as profiles name it." };

    private static readonly Option<string> Key = KeyOption.Create();

    private static readonly Option<KeyAddress?> Token = KeyOption.CreateToken();

    private static readonly Option<TimeSpan> Validity = LifetimeOption.Create("--validity", "How long the issuing authority is valid.", "10y");

    private static readonly Option<TimeSpan> RootValidity = LifetimeOption.Create("--root-validity", "How long a new root is valid.", "20y");

    private static readonly Option<bool> NewRoot = new("--new-root")
    {
        Description = "Rolls the root too: a new one, and certificates that link it with the one before.",
    };

    private static readonly Option<bool> Stage = new("--stage")
    {
        Description = "Only prepares the authority; a roll of the issuer has it trusted and makes it the active one.",
    };

    public static Command Create()
    {
        var create = new Verb("create", "Makes an issuing authority below a root of our own, and makes it the active one. A self-made root is for testing.", "perennial ca create ours")
        {
            Issuer, Key, Token, Validity, RootValidity, NewRoot, Stage,
        };
        create.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => CreateAsync(line, parts, cancellationToken)));
        var list = new Verb("list", "Lists the issuing authorities.", "perennial ca list") { ServiceOptions.Format };
        list.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => ListAsync(line, parts, cancellationToken)));
        return new Command("ca", "Makes and rolls issuing authorities, and says what certificates they issue, while the server runs or not.")
        {
            DataFolder, create, CaRequestCommand.Request(), CaRequestCommand.Activate(), list, CaShowCommand.Show(), CaRevokeCommand.Revoke(),
            CaRevokeCommand.RevokeCertificate(), CaProfileCommand.Create(), CaRootCommand.Create(), CaEstCommand.Create(), CaManufacturerCommand.Create(),
        };
    }

    private static async Task<int> CreateAsync(ParseResult line, Hosting.AuthorityParts parts, CancellationToken cancellationToken)
    {
        var name = line.GetRequiredValue(Issuer);
        AuthoritySession.RequireIssuerName(name);
        var slot = await parts.CreateAuthority.RunAsync(
            new AuthorityWishes
            {
                IssuerName = name,
                Algorithm = KeyOption.AlgorithmOf(line.GetRequiredValue(Key)),
                Token = line.GetValue(Token),
                NewRoot = line.GetValue(NewRoot),
                Stage = line.GetValue(Stage),
                Validity = line.GetRequiredValue(Validity),
                RootValidity = line.GetRequiredValue(RootValidity),
            },
            AuthoritySession.Actor,
            cancellationToken);
        await AuthoritySession.WriteAsync(slot);
        return 0;
    }

    private static async Task<int> ListAsync(ParseResult line, Hosting.AuthorityParts parts, CancellationToken cancellationToken)
    {
        var slots = await parts.Issuers.ListAsync(cancellationToken);
        if (Answers.AreJson(line))
        {
            await Answers.WriteJsonAsync(line, slots.Select(AuthoritySession.JsonOf));
            return 0;
        }

        foreach (var slot in slots)
        {
            await AuthoritySession.WriteAsync(slot);
        }

        return 0;
    }
}
