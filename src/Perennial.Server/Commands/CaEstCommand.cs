using System.CommandLine;
using Perennial.Authority.Authorities;
using Perennial.Authority.Est;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca est</c>: an authority outside this service, asked by EST, signs for an issuer.</summary>
internal static class CaEstCommand
{
    private static readonly Argument<Uri> Url = new("url")
    {
        Description = "The EST server, for instance https://est.example.net:8443. A path is kept as it is.",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps)
            {
                return url;
            }

            result.AddError($"The EST server is an https address, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    private static readonly Option<string?> Label = new("--label") { Description = "The label of the authority on that server.", HelpName = "LABEL" };

    private static readonly Option<string?> Credentials = File("--credentials-file", "A file whose first line is user:password, for HTTP Basic.");

    private static readonly Option<string?> ClientCertificate = File("--client-cert", "The certificate that this service shows there, as PEM.");

    private static readonly Option<string?> ClientKey = File("--client-key", "Its key as PEM. Default the file of the certificate.");

    private static readonly Option<string?> Trust = File("--trust", "Roots as PEM that the server's certificate chains to. Default the operating system's.");

    private static readonly Option<bool> Reenroll = new("--reenroll") { Description = "Asks simplereenroll for devices that had a certificate of it before." };

    public static Command Create()
    {
        var command = new Verb("est", "Lets an authority outside this service sign for an issuer, by EST (RFC 7030).", "perennial ca est vendor https://localhost:8443 --label lamps --trust trust-bundle.pem --credentials-file est.txt")
        {
            CaCommand.Issuer, Url, Label, Credentials, ClientCertificate, ClientKey, Trust, Reenroll,
        };
        command.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => AddAsync(line, parts, cancellationToken)));
        return command;
    }

    private static async Task<int> AddAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var issuer = line.GetRequiredValue(CaCommand.Issuer);
        AuthoritySession.RequireIssuerName(issuer);
        var address = new EstAddress(
            EstAddress.BaseOf(line.GetRequiredValue(Url), line.GetValue(Label)),
            PathOf(line, Credentials),
            PathOf(line, ClientCertificate),
            PathOf(line, ClientKey),
            PathOf(line, Trust),
            line.GetValue(Reenroll));
        var slot = await parts.AddRemote.RunAsync(issuer, address.ToKeyAddress(), AuthoritySession.Actor, cancellationToken)
            ?? throw new IssuerChangedException(issuer);
        await AuthoritySession.WriteAsync(slot);
        foreach (var certificate in slot.Above)
        {
            await Console.Out.WriteLineAsync($"  {certificate.Thumbprint}  {certificate.Subject}");
        }

        return 0;
    }

    private static string? PathOf(ParseResult line, Option<string?> option) => line.GetValue(option) is not { } path
        ? null
        : System.IO.File.Exists(path) ? Path.GetFullPath(path) : throw new OperatorException($"{option.Name}: there is no file {path}.");

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE" };
}
