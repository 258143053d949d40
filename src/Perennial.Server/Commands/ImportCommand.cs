using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Perennial.Server.Imports;
using Perennial.Server.Instances;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Server.Commands;

/// <summary><c>perennial import</c>: a factory's list of devices, into the server that runs on a data folder.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> ListFile = new("file")
    {
        Description = "A bundle of PEM certificates, or CSV: registration id, then a certificate (PEM or base64) or its SHA-256 thumbprint.",
    };

    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ServeCommand.DefaultDataFolder,
    };

    private static readonly Option<string?> ResultFile = new("--result") { Description = "The file for what came of each row. Default the list's name and .result.csv.", HelpName = "FILE" };

    private static readonly Option<string?> Hub = new("--hub") { Description = "The hub that devices known by a thumbprint alone are added to. Default the first.", HelpName = "NAME" };

    private static readonly Option<string?> Profile = new("--profile") { Description = "The certificate profile of the new enrollments. Default none.", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Verb("import", "Enrolls the devices of a factory's list, row by row. Run again, it goes on where it stopped. The server must run.", "perennial import devices.csv")
        {
            ListFile, DataFolder, ResultFile, Hub, Profile,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var file = line.GetRequiredValue(ListFile);
        var resultFile = line.GetValue(ResultFile) ?? file + ".result.csv";
        using var instance = Instance.Read(line.GetRequiredValue(DataFolder));
        var summary = instance.Summarise();
        var hub = summary.Hubs.FirstOrDefault(hub => line.GetValue(Hub) is not { } name || hub.Name == name)
            ?? throw new OperatorException($"there is no hub '{line.GetValue(Hub)}'; there are: {string.Join(", ", summary.Hubs.Select(hub => hub.Name))}.");
        using var root = X509CertificateLoader.LoadCertificateFromFile(instance.TrustBundle);
        var address = instance.Document.Bind is { } bind ? IPAddress.Parse(bind) : IPAddress.Loopback;
        var server = new ServerAddress(address, summary.Ports.Mqtt, summary.Ports.Https, root);
        using var provisioning = OperatorHandler.CreateClient(server, summary.ProvisioningConnectionString, TimeProvider.System);
        using var registry = OperatorHandler.CreateClient(server, hub.ConnectionString, TimeProvider.System);
        try
        {
            using var list = new StreamReader(file);
            await using var results = new StreamWriter(resultFile, append: false);
            await results.WriteLineAsync(ImportResult.Header);
            var counts = await new ImportDevices(new ServiceTarget(provisioning, registry, line.GetValue(Profile), TimeProvider.System)).RunAsync(
                ImportReader.Read(list), result => results.WriteLineAsync(result.ToCsv()), cancellationToken);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{counts[ImportVerdict.Created]} created, {counts[ImportVerdict.Unchanged]} unchanged, {counts[ImportVerdict.Refused]} refused; see {resultFile}"));
            return counts[ImportVerdict.Refused] == 0 ? 0 : CommandLine.Failed;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"the import stopped: {exception.Message} Run it again; rows that are done stay so. {resultFile} says how far it came.", exception);
        }
    }
}
