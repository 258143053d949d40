using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial block</c>: what is refused everywhere after a breach, or may only obtain a new certificate.</summary>
internal static class BlockCommand
{
    private const string Path = "blocks";

    private static readonly Argument<string> Kind = new Argument<string>("kind") { Description = "certificate, issuer, device or group." }
        .AcceptOnlyFromAmong("certificate", "issuer", "device", "group");

    private static readonly Argument<string> Name = new("name") { Description = "The SHA-256 thumbprint, the registration id, or the id of the group." };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why, for the record.", Required = true };

    private static readonly Option<string?> CertificateFile = new("--file") { Description = "The issuer's certificate, when the service has not seen it.", HelpName = "FILE" };

    public static Command Create()
    {
        var put = new Verb("put", "Blocks one, and drops its live connections; or changes the terms of a block.", "perennial block put device lamp-7 --reason stolen")
        {
            Kind, Name, Reason,
        };
        DrainOptions.AddTo(put);
        put.Add(CertificateFile);
        put.Add(PlanOption.Plan);
        var list = new Verb("list", "Lists them.", "perennial block list");
        var show = new Verb("show", "Shows one, and how far a drain is.", "perennial block show device lamp-7") { Kind, Name };
        var delete = new Verb("delete", "Takes one away.", "perennial block delete device lamp-7") { Kind, Name, PlanOption.Plan };
        put.SetServiceAction((line, connection, stop) => PlanOption.RunAsync(line, connection.Provisioning, Of(line, HttpMethod.Put) with { Body = Body(line) }, stop));
        list.SetServiceAction((line, connection, stop) => Answers.WriteAsync(
            line,
            connection.Provisioning.ListAsync(new ServiceRequest(HttpMethod.Get, Path, "the list of blocks"), stop),
            most: null,
            Column.At("kind", "kind"),
            Column.At("name", "name"),
            Column.At("mode", "mode"),
            Column.At("reason", "reason"),
            Column.TimeAt("since", "atUtc")));
        show.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(Of(line, HttpMethod.Get), stop)).Document));
        delete.SetServiceAction((line, connection, stop) => PlanOption.RunAsync(line, connection.Provisioning, Of(line, HttpMethod.Delete), stop));
        var command = new Command("block", "What is refused everywhere after a breach.");
        foreach (var verb in new Command[] { put, list, show, delete })
        {
            command.Add(verb.WithServiceOptions());
        }

        return command;
    }

    private static ServiceRequest Of(ParseResult line, HttpMethod method)
    {
        var (kind, name) = (line.GetRequiredValue(Kind), line.GetRequiredValue(Name));
        return new ServiceRequest(method, $"{Path}/{kind}/{Uri.EscapeDataString(name)}", $"block of the {kind} '{name}'") { Remedy = "See them with: perennial block list" };
    }

    private static JsonObject Body(ParseResult line)
    {
        var body = new JsonObject { ["reason"] = line.GetRequiredValue(Reason) };
        if (line.GetValue(CertificateFile) is { } file)
        {
            body["certificate"] = string.Concat(OperatorFile.ReadCertificates(file).Select(Pem.Write));
        }

        DrainOptions.Write(line, body);
        return body;
    }
}
