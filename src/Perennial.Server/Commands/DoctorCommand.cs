using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Server.Diagnosis;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial doctor</c>: checks a deployment, or says what a server would say to a device's chain.</summary>
internal static class DoctorCommand
{
    private const string Hub = "hub";
    private const string Provisioning = "provisioning";

    private static readonly Option<string?> Chain = new("--device-chain")
    {
        Description = "Judges this chain (PEM, leaf first, or DER) instead of the deployment: would the device be taken, by which enrollment, and if not, why.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> At = CreateAt();

    public static Command Create()
    {
        var command = new Verb(
            "doctor",
            "Checks a deployment: ports, certificates and their ends, clock, disk, database, file modes, policies, linked hubs. Says what is wrong and what mends it; ends with 1 if something fails.",
            "perennial doctor --data perennial-data")
        {
            Chain, At, ServiceOptions.DataFolder, ServiceOptions.Login, ServiceOptions.Format,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var folder = ServiceOptions.FolderOf(line);
        if (folder is null && line.GetValue(Chain) is not null)
        {
            throw new OperatorException("a device's chain is judged on the server's machine: give its data folder with --data.");
        }

        if (folder is null)
        {
            using var connection = ServiceOptions.Connect(line);
            return await TellAsync(line, new CheckRemote(connection, TimeProvider.System).RunAsync(cancellationToken));
        }

        using var instance = Instance.Read(folder);
        return await TellAsync(line, line.GetValue(Chain) is { } file
            ? JudgeAsync(line, instance, file, cancellationToken)
            : new CheckDeployment(instance, TimeProvider.System).RunAsync(cancellationToken));
    }

    private static async IAsyncEnumerable<Finding> JudgeAsync(
        ParseResult line, Instance instance, string file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var certificates = OperatorFile.ReadCertificates(file);
        if (!CertificateChain.TryCreate(certificates[0], [.. certificates.Skip(1)], out var chain, out var refusal))
        {
            throw OperatorFile.Refused(file, refusal);
        }

        var judge = new JudgeDevice(instance, TimeProvider.System);
        if (line.GetValue(At) is null or Provisioning)
        {
            yield return await judge.AtProvisioningAsync(chain, cancellationToken);
        }

        foreach (var hub in line.GetValue(At) is null or Hub ? instance.Document.Hubs : [])
        {
            yield return await judge.AtHubAsync(hub, chain, cancellationToken);
        }
    }

    private static async Task<int> TellAsync(ParseResult line, IAsyncEnumerable<Finding> findings)
    {
        var output = line.InvocationConfiguration.Output;
        var (isJson, all) = (Answers.AreJson(line), new List<Finding>());
        await foreach (var finding in findings)
        {
            all.Add(finding);
            if (!isJson)
            {
                await output.WriteLineAsync($"{WordOf(finding.Level),-5} {finding.Subject}: {finding.Sentence.ReplaceLineEndings(" ")}");
            }
        }

        if (isJson)
        {
            await output.WriteLineAsync(Answers.JsonOf(new JsonArray(
                [.. all.Select(finding => new JsonObject { ["level"] = WordOf(finding.Level), ["subject"] = finding.Subject, ["sentence"] = finding.Sentence })])));
        }
        else if (line.GetValue(Chain) is null)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{all.Count} checks, {Count(FindingLevel.Warn)} warnings, {Count(FindingLevel.Fail)} failures"));
        }

        return Count(FindingLevel.Fail) == 0 ? 0 : CommandLine.Failed;

        int Count(FindingLevel level) => all.Count(finding => finding.Level == level);
    }

    private static string WordOf(FindingLevel level) => level switch { FindingLevel.Ok => "ok", FindingLevel.Warn => "warn", _ => "fail" };

    private static Option<string?> CreateAt()
    {
        var option = new Option<string?>("--at") { Description = $"Only at {Provisioning} or at a {Hub}. Default both.", HelpName = "PLACE" };
        option.AcceptOnlyFromAmong(Provisioning, Hub);
        return option;
    }
}
