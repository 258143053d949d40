using System.CommandLine;
using System.Text.Json;
using Perennial.Server.Imports;
using Perennial.Server.Instances;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial import azure</c>: the enrollments of an Azure Device Provisioning Service.</summary>
internal static class ImportAzureCommand
{
    private static readonly Argument<string> ExportFile = new("file")
    {
        Description = "JSON as 'az iot dps enrollment list', 'az iot dps enrollment-group list' or the service API prints it.",
    };

    private static readonly Option<string?> Certificates = new("--certificates")
    {
        Description = "A folder with certificates, PEM or DER, for exports that hold thumbprints alone.",
        HelpName = "DIR",
    };

    private static readonly Option<KeyValuePair<string, string>[]> HubMap = new("--map-hub")
    {
        Description = "The hub of ours for one of Azure's; may be given again.",
        HelpName = "AZURE=OURS",
        CustomParser = result =>
        {
            var pairs = result.Tokens.Select(token => token.Value.Split('=', 2)).ToList();
            if (pairs.Find(pair => pair.Length != 2 || pair.Any(string.IsNullOrWhiteSpace)) is { } wrong)
            {
                result.AddError($"--map-hub takes AZURE=OURS, for instance contoso.azure-devices.net=hub.example.net, not '{string.Join('=', wrong)}'.");
                return null;
            }

            return [.. pairs.Select(pair => KeyValuePair.Create(pair[0], pair[1]))];
        },
    };

    private static readonly Option<bool> AnyHub = new("--any-hub") { Description = "Leaves out which hubs enrollments name: any hub of ours may be chosen." };

    public static Command Create()
    {
        var command = new Verb(
            "azure",
            "Takes the enrollments and groups of an Azure Device Provisioning Service, row by row. Run again, it goes on where it stopped.",
            "perennial import azure enrollments.json --map-hub contoso.azure-devices.net=localhost")
        {
            ExportFile, ServiceOptions.DataFolder, ServiceOptions.Login, Certificates, HubMap, AnyHub,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var file = line.GetRequiredValue(ExportFile);
        var hubs = (line.GetValue(HubMap) ?? []).DistinctBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var take = new TakeAzureEnrollment(ReadCertificates(line.GetValue(Certificates)), line.GetValue(AnyHub) ? null : hubs);
        using var connection = ServiceOptions.Connect(line);
        await using var export = OperatorFile.OpenBytes(file);
        try
        {
            return await ImportCommand.RunAsync(
                line, file, new ServiceTarget(connection, hubName: null, policyName: null), new ReadAzureExport(take).RunAsync(export, cancellationToken), cancellationToken);
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"{file} is not JSON from here on: {exception.Message} What came before is imported; mend the file and run it again.", exception);
        }
    }

    private static Dictionary<string, Certificate> ReadCertificates(string? folder)
    {
        var found = new Dictionary<string, Certificate>(StringComparer.OrdinalIgnoreCase);
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new OperatorException($"--certificates: there is no folder {folder}.");
        }

        foreach (var file in folder is null ? [] : Directory.EnumerateFiles(folder).Where(file => new FileInfo(file).Length <= Pem.MaxTextLength))
        {
            // A folder of a factory holds requests and keys as well.
            if (Pem.TryReadCertificates(OperatorFile.TextOf(OperatorFile.ReadBytes(file)), out var certificates, out _))
            {
                certificates.ToList().ForEach(certificate => found[certificate.Thumbprint.ToString()] = certificate);
            }
        }

        return found;
    }
}
