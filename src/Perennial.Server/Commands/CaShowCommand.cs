using System.CommandLine;
using System.Globalization;
using Perennial.Authority.Issuers;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca show</c>: one slot, or the active one of an issuer, with its chain as PEM.</summary>
internal static class CaShowCommand
{
    private static readonly Argument<string> Which = new("which") { Description = "A slot, or an issuer for its active slot." };

    private static readonly Option<bool> WithLinks = new("--links") { Description = "Shows also the certificates that link the root with the one before." };

    public static Command Show()
    {
        var command = new Verb("show", "Shows an issuing authority, and its chain as PEM.", "perennial ca show ours") { Which, WithLinks };
        command.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => ShowAsync(line, parts, cancellationToken)));
        return command;
    }

    public static async Task<IssuerSlot> FindAsync(string which, AuthorityParts parts, CancellationToken cancellationToken) =>
        await parts.Issuers.FindAsync(which, cancellationToken) ?? await parts.Issuers.FindActiveAsync(which, cancellationToken)
        ?? throw new OperatorException($"there is neither a slot '{which}' nor an issuer of that name with an active one. See them with: perennial ca list");

    private static async Task<int> ShowAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var slot = await FindAsync(line.GetRequiredValue(Which), parts, cancellationToken);
        await AuthoritySession.WriteAsync(slot);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"# key {slot.Key}, {slot.State} since {slot.Since:u}"));
        foreach (var certificate in slot.Above.Prepend(slot.Certificate).OfType<Certificate>())
        {
            await WriteAsync(certificate);
        }

        var links = line.GetValue(WithLinks) ? (await parts.Trust.RunAsync(slot.IssuerName, cancellationToken))?.Links ?? [] : [];
        foreach (var link in links)
        {
            await WriteAsync(link);
        }

        return 0;
    }

    private static Task WriteAsync(Certificate certificate) => Console.Out.WriteAsync(string.Create(
        CultureInfo.InvariantCulture, $"# {certificate.Subject}, by {certificate.Issuer}, until {certificate.NotAfter:u}\n{Pem.Write(certificate)}"));
}
