using System.CommandLine;
using System.Globalization;
using Perennial.Server.Imports;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial import</c>: a factory's list of devices, or the enrollments of an Azure service, into a server.</summary>
internal static class ImportCommand
{
    private static readonly Argument<string> ListFile = new("file")
    {
        Description = "A bundle of PEM certificates, or CSV: registration id, then a certificate (PEM or base64) or its SHA-256 thumbprint.",
    };

    private static readonly Option<string?> ResultFile = new("--result")
    {
        Description = "The file for what came of each row. Default the list's name and .result.csv.",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<string?> Hub = new("--hub")
    {
        Description = "The hub that devices known by a thumbprint alone are added to. Default the first.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Profile = new("--profile") { Description = "The certificate profile of the new enrollments. Default none.", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Verb(
            "import",
            "Enrolls the devices of a factory's list, row by row. Run again, it goes on where it stopped. The server must run.",
            "perennial import devices.csv")
        {
            ListFile, ServiceOptions.DataFolder, ServiceOptions.Login, ResultFile, Hub, Profile, ImportAzureCommand.Create(),
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Imports rows, writes what came of each, and tells the counts.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        ParseResult line, string file, IImportTarget target, IAsyncEnumerable<ImportRow> rows, CancellationToken cancellationToken)
    {
        var resultFile = line.GetValue(ResultFile) ?? file + ".result.csv";
        try
        {
            await using var results = new StreamWriter(resultFile, append: false);
            await results.WriteLineAsync(ImportResult.Header);
            var counts = await new ImportDevices(target).RunAsync(rows, result => results.WriteLineAsync(result.ToCsv()), cancellationToken);
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{counts[ImportVerdict.Created]} created, {counts[ImportVerdict.Unchanged]} unchanged, {counts[ImportVerdict.Refused]} refused; see {resultFile}"));
            return counts[ImportVerdict.Refused] == 0 ? 0 : CommandLine.Failed;
        }
        catch (Exception exception) when (exception is OperatorException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"the import stopped: {exception.Message} Run it again; rows that are done stay so. {resultFile} says how far it came.", exception);
        }
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var file = line.GetRequiredValue(ListFile);
        using var connection = ServiceOptions.Connect(line);
        var hub = HubOf(line, connection);
        using var list = OperatorFile.Open(file);
        return await RunAsync(
            line, file, new ServiceTarget(connection, hub, line.GetValue(Profile)), ImportReader.Read(list).ToAsyncEnumerable(), cancellationToken);
    }

    // A hub that is not there is told before the first row.
    private static string? HubOf(ParseResult line, ServiceConnection connection)
    {
        var hub = line.GetValue(Hub) ?? connection.HubNames.FirstOrDefault();
        if (hub is not null)
        {
            connection.Hub(hub);
        }

        return hub;
    }
}
