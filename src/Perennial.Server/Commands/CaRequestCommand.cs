using System.CommandLine;
using System.Security.Cryptography;
using Perennial.Authority.Authorities;
using Perennial.Authority.Keys;
using Perennial.Server.Hosting;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca request</c> and <c>ca activate</c>: an issuing authority whose certificate a root elsewhere signs.</summary>
internal static class CaRequestCommand
{
    private static readonly Option<string> Key = KeyOption.Create();

    private static readonly Option<KeyAddress?> Token = KeyOption.CreateToken();

    private static readonly Option<string?> Subject = new("--name") { Description = "The common name of the authority. Default the issuer and the slot.", HelpName = "CN" };

    private static readonly Option<string?> Out = new("--out") { Description = "The file to write. Default standard output.", HelpName = "FILE" };

    private static readonly Argument<string> ChainFile = new("file")
    {
        Description = "PEM: the certificate of the authority first, then every certificate above it up to the root.",
    };

    public static Command Request()
    {
        var command = new Verb("request", "Makes the key of a new issuing authority, and the request that a root elsewhere signs.", "perennial ca request factory --out factory.csr")
        {
            CaCommand.Issuer, Key, Token, Subject, Out,
        };
        command.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => RequestAsync(line, parts, cancellationToken)));
        return command;
    }

    public static Command Activate()
    {
        var command = new Verb("activate", "Takes the signed certificate of a requested authority; it issues from then on, and the one before is old.", "perennial ca activate chain.pem") { ChainFile };
        command.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => ActivateAsync(line, parts, cancellationToken)));
        return command;
    }

    private static async Task<int> RequestAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var name = line.GetRequiredValue(CaCommand.Issuer);
        AuthoritySession.RequireIssuerName(name);
        var wishes = new AuthorityWishes
        {
            IssuerName = name,
            Algorithm = KeyOption.AlgorithmOf(line.GetRequiredValue(Key)),
            Token = line.GetValue(Token),
        };
        var (slot, request) = await parts.RequestAuthority.RunAsync(wishes, line.GetValue(Subject), AuthoritySession.Actor, cancellationToken);
        await OperatorFile.WriteAsync(line.GetValue(Out), PemEncoding.WriteString("CERTIFICATE REQUEST", request.Der.Span) + "\n");
        await Console.Error.WriteLineAsync($"Slot {slot.Id} of issuer '{slot.IssuerName}' waits for its certificate: perennial ca activate FILE");
        return 0;
    }

    private static async Task<int> ActivateAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var file = line.GetRequiredValue(ChainFile);
        switch (await parts.ActivateAuthority.RunAsync(OperatorFile.ReadCertificates(file), AuthoritySession.Actor, cancellationToken))
        {
            case ActivationOutcome.Activated activated:
                await AuthoritySession.WriteAsync(activated.Slot);
                return 0;
            case ActivationOutcome.Refused refused:
                throw OperatorFile.Refused(file, refused.Refusal);
            default:
                throw new InvalidOperationException("An outcome of activation is not told.");
        }
    }
}
