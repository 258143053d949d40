using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial certificate</c>: the CA certificates that groups refer to by name; and what any file of certificates is.</summary>
internal static class CertificateCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The name by which groups refer to it." };

    private static readonly Option<string> CertificateFile = new("--file", "--path", "-p") { Description = "The file with the certificate, PEM or DER.", HelpName = "FILE", Required = true };

    private static readonly Option<bool> Verified = new("--verified", "-v") { Description = "Vouches for it: no proof that its key is at hand is asked for." };

    public static Command Create()
    {
        var noun = RestNoun.Certificate;
        var create = new Verb("create", "Uploads one, or another one under the name.", "perennial certificate create factory --file factory-ca.pem") { Name, CertificateFile, Verified, PlanOption.Plan };
        create.Aliases.Add("upload");
        var list = new Verb("list", "Lists them.", "perennial certificate list");
        var show = new Verb("show", "Shows one.", "perennial certificate show factory") { Name };
        var challenge = new Verb(
            "generate-verification-code", "Makes the code that a certificate signed by its key is to name.", "perennial certificate generate-verification-code factory") { Name };
        var verify = new Verb("verify", "Takes the proof: a certificate whose common name is the code, signed by its key.", "perennial certificate verify factory --file proof.pem") { Name, CertificateFile };
        var delete = new Verb("delete", "Deletes one; groups that refer to it stop matching by it.", "perennial certificate delete factory") { Name, PlanOption.Plan };
        create.SetServiceAction(SaveAsync);
        list.SetServiceAction((line, connection, stop) => Answers.WriteAsync(
            line,
            connection.Provisioning.ListAsync(noun.List(), stop),
            most: null,
            Column.At("name", "name"),
            Column.At("subject", "properties.subject"),
            Column.At("verified", "properties.isVerified"),
            Column.TimeAt("until", "properties.expiry")));
        show.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(noun.Get(line.GetRequiredValue(Name)), stop)).Document));
        challenge.SetServiceAction((line, connection, stop) => ActAsync(line, connection, "/generateVerificationCode", body: null, stop));
        verify.SetServiceAction((line, connection, stop) => ActAsync(line, connection, "/verify", Body(line, isVerified: null), stop));
        delete.SetServiceAction(async (line, connection, stop) =>
        {
            var name = line.GetRequiredValue(Name);
            var stored = (await connection.Provisioning.DemandAsync(noun.Get(name), stop)).Document;
            return await PlanOption.RunAsync(line, connection.Provisioning, noun.Delete(name, TagOf(stored)), stop);
        });
        var remote = new Command[] { create, list, show, challenge, verify, delete };
        var command = new Command("certificate", "CA certificates of the service; and what a file of certificates is.") { InspectCommand.Create() };
        foreach (var verb in remote)
        {
            command.Add(verb.WithServiceOptions());
        }

        return command;
    }

    /// <summary>The ETag of a document as If-Match takes it.</summary>
    public static string TagOf(JsonObject document) => document["etag"]?.ToString() is { } tag && tag.StartsWith('"') ? tag : $"\"{document["etag"]}\"";

    private static async Task<int> SaveAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var name = line.GetRequiredValue(Name);
        var stored = await connection.Provisioning.FindAsync(RestNoun.Certificate.Get(name), cancellationToken);
        var body = Body(line, line.GetValue(Verified) ? true : null);
        var asked = RestNoun.Certificate.Put(name, body, stored is null ? null : TagOf(stored));
        return await PlanOption.RunAsync(line, connection.Provisioning, asked, cancellationToken);
    }

    private static async Task ActAsync(ParseResult line, ServiceConnection connection, string act, JsonObject? body, CancellationToken cancellationToken)
    {
        var name = line.GetRequiredValue(Name);
        var stored = (await connection.Provisioning.DemandAsync(RestNoun.Certificate.Get(name), cancellationToken)).Document;
        var asked = RestNoun.Certificate.Post(name, act, body) with { IfMatch = TagOf(stored) };
        await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(asked, cancellationToken)).Document);
    }

    private static JsonObject Body(ParseResult line, bool? isVerified)
    {
        var file = line.GetRequiredValue(CertificateFile);
        var certificates = OperatorFile.ReadCertificates(file);
        return certificates.Count == 1
            ? new JsonObject { ["properties"] = new JsonObject { ["certificate"] = X509.Pem.Write(certificates[0]), ["isVerified"] = isVerified } }
            : throw new OperatorException($"{file} holds {certificates.Count} certificates; wanted is one. See them with: perennial certificate inspect {file}");
    }
}
