using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Perennial.Authority.Authorities;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial ca manufacturer sign</c>: an authority of a manufacturer below a root of ours, held to names.</summary>
internal static class CaManufacturerCommand
{
    private static readonly Argument<string> RequestFile = new("request") { Description = "The manufacturer's signing request as PEM." };

    private static readonly Option<string> Issuer = new("--issuer") { Description = "The issuer whose root signs.", HelpName = "NAME", Required = true };

    private static readonly Option<string[]> PermitSubject = Names("--permit-subject", "Subjects that it may issue for, for instance O=Acme; may be given again.", "DN");

    private static readonly Option<string[]> PermitDns = Names("--permit-dns", "DNS names below which it may issue; may be given again.", "NAME");

    private static readonly Option<string[]> ExcludeSubject = Names("--exclude-subject", "Subjects that it may not issue for; may be given again.", "DN");

    private static readonly Option<string[]> ExcludeDns = Names("--exclude-dns", "DNS names below which it may not issue; may be given again.", "NAME");

    private static readonly Option<TimeSpan> Validity = LifetimeOption.Create("--validity", "How long the authority is valid.", "5y");

    private static readonly Option<int?> PathLength = new("--path-length") { Description = "Most authorities below it. Default 0.", HelpName = "N" };

    private static readonly Option<string?> Out = new("--out") { Description = "The file to write, with the chain. Default standard output.", HelpName = "FILE" };

    public static Command Create()
    {
        var sign = new Verb("sign", "Signs the authority of a manufacturer; what it issues for other names is refused.", "perennial ca manufacturer sign plant.csr --issuer ours --permit-subject O=Acme --out plant.pem")
        {
            RequestFile, Issuer, PermitSubject, PermitDns, ExcludeSubject, ExcludeDns, Validity, PathLength, Out,
        };
        sign.SetAction((line, cancellationToken) => AuthoritySession.RunAsync(line, (parts, _) => SignAsync(line, parts, cancellationToken)));
        return new Command("manufacturer", "Works on authorities of manufacturers.") { sign };
    }

    private static async Task<int> SignAsync(ParseResult line, AuthorityParts parts, CancellationToken cancellationToken)
    {
        var scope = ScopeOf(line);
        var issuer = line.GetRequiredValue(Issuer);
        var root = await parts.Issuers.FindActiveAsync(CreateAuthority.RootOf(issuer), cancellationToken)
            ?? throw new OperatorException($"issuer '{issuer}' has no root of ours. Make one with: perennial ca create {issuer}");
        var request = OperatorFile.ReadRequest(line.GetRequiredValue(RequestFile));
        var template = new AuthorityTemplate
        {
            Subject = request.Subject.Der,
            Name = request.CommonName.Value,
            PublicKeyInfo = request.PublicKeyInfo,
            Validity = line.GetRequiredValue(Validity),
            PathLength = line.GetValue(PathLength) ?? 0,
            Names = scope,
        };
        var certificate = await parts.SignAuthority.RunAsync(root, template, AuthoritySession.Actor, cancellationToken);
        await OperatorFile.WriteAsync(line.GetValue(Out), Pem.Write(certificate) + string.Concat(root.Above.Prepend(root.Certificate!).Select(Pem.Write)));
        return 0;
    }

    private static NameScope ScopeOf(ParseResult line)
    {
        var scope = new NameScope
        {
            PermittedSubjects = [.. (line.GetValue(PermitSubject) ?? []).Select(SubjectOf)],
            PermittedDnsNames = line.GetValue(PermitDns) ?? [],
            ExcludedSubjects = [.. (line.GetValue(ExcludeSubject) ?? []).Select(SubjectOf)],
            ExcludedDnsNames = line.GetValue(ExcludeDns) ?? [],
        };
        return scope.PermittedSubjects.Count + scope.PermittedDnsNames.Count + scope.ExcludedSubjects.Count + scope.ExcludedDnsNames.Count > 0
            ? scope
            : throw new OperatorException("say which names the manufacturer is held to, for instance --permit-subject O=Acme.");
    }

    private static ReadOnlyMemory<byte> SubjectOf(string text)
    {
        try
        {
            return new X500DistinguishedName(text).RawData;
        }
        catch (CryptographicException exception)
        {
            throw new OperatorException($"'{text}' is no name such as O=Acme.", exception);
        }
    }

    private static Option<string[]> Names(string name, string description, string shown) => new(name) { Description = description, HelpName = shown };
}
