using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using Perennial.Server.Proofs;

namespace Perennial.Server.Commands;

/// <summary><c>perennial proof</c>: checks the report of a roll, without the service.</summary>
internal static class ProofCommand
{
    private static readonly Argument<string> File = new("file") { Description = "The JSON that GET /rolls/NAME/proof gave." };

    private static readonly Option<string?> Key = new("--key") { Description = "The id of the key that has to have signed it, which the audit trail holds under roll.proof.", HelpName = "SHA-256" };

    public static Command Create()
    {
        var verify = new Verb("verify", "Checks that a report is as it was signed; ends with 1 if it is not.", "perennial proof verify autumn.proof.json") { File, Key };
        verify.SetAction(async (line, _) => await VerifyAsync(line));
        return new Command("proof", "Signed reports of rolls.") { verify };
    }

    private static async Task<int> VerifyAsync(ParseResult line)
    {
        var path = line.GetRequiredValue(File);
        if (SignedProof.FindFault(await ReadAsync(path), line.GetValue(Key), out var report) is { } fault)
        {
            throw new OperatorException($"{path}: {fault}");
        }

        var (roll, outcome) = (report!["roll"] as JsonObject, report["outcome"] as JsonObject);
        await line.InvocationConfiguration.Output.WriteLineAsync(
            $"{path}: as it was signed. Roll '{roll?["id"]}' {roll?["state"]} on {roll?["endedUtc"]}: {outcome?["moved"]} of {outcome?["devices"]} devices moved, {outcome?["waived"]} were waived. "
            + $"SHA-256 {SignedProof.HashOf(report)}, after {report["previousReport"] ?? "none"}; the audit trail stood at {report["auditHead"] ?? "none"}.");
        return 0;
    }

    // Reports of large fleets are long; one that is longer than any is told so before it is read.
    private static async Task<byte[]> ReadAsync(string path)
    {
        await using var file = OperatorFile.OpenBytes(path);
        if (file.Length > SignedProof.MaxLength)
        {
            throw new OperatorException($"{path} is larger than {SignedProof.MaxLength} bytes.");
        }

        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content);
        return content;
    }
}
