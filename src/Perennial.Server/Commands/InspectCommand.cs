using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Inspection;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial certificate inspect</c>: what a file of certificates, requests or keys is, and what would be refused. Asks no server.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Path = new("file") { Description = "PEM or DER; one or many." };

    public static Command Create()
    {
        var command = new Verb(
            "inspect",
            "Explains a certificate, a chain, a signing request or a key: what it is, what it is for, and what would be refused and why. Prints no private key.",
            "perennial certificate inspect lamp-1.pem")
        {
            Path, ServiceOptions.Format,
        };
        command.SetAction((line, _) => RunAsync(line));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line)
    {
        var (file, at) = (line.GetRequiredValue(Path), TimeProvider.System.GetUtcNow());
        var policy = new ChainPolicy(new ChainPolicyOptions(), new SignatureCache());
        var found = new ReadFile(new DescribeCertificate(policy)).Run(OperatorFile.ReadBytes(file), at);
        if (found.Count == 0)
        {
            throw new OperatorException($"{file} holds no certificate, request or key that is known: wanted is PEM (BEGIN …) or DER.");
        }

        var chain = new JudgeChain(policy).Run([.. found.Select(one => one.Certificate).OfType<Certificate>()], at);
        await (Answers.AreJson(line) ? WriteJsonAsync(line, found, chain) : WriteAsync(line, file, found, chain));
        return 0;
    }

    private static Task WriteJsonAsync(ParseResult line, IReadOnlyList<FoundObject> found, string? chain)
    {
        var document = new JsonObject
        {
            ["objects"] = new JsonArray(
            [
                .. found.Select(one => new JsonObject(one.Lines.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Key, each.Value)).Prepend(new("kind", one.Kind)))),
            ]),
            ["chain"] = chain,
        };
        return line.InvocationConfiguration.Output.WriteLineAsync(Answers.JsonOf(document));
    }

    private static async Task WriteAsync(ParseResult line, string file, IReadOnlyList<FoundObject> found, string? chain)
    {
        var output = line.InvocationConfiguration.Output;
        for (var index = 0; index < found.Count; index++)
        {
            await output.WriteLineAsync(found.Count == 1 ? $"{file}: {found[index].Kind}" : $"{file}, {index + 1} of {found.Count}: {found[index].Kind}");
            foreach (var (name, value) in found[index].Lines)
            {
                await output.WriteLineAsync($"  {name,-12} {value.ReplaceLineEndings(" ")}");
            }
        }

        if (chain is not null)
        {
            await output.WriteLineAsync($"chain: {chain}");
        }
    }
}
