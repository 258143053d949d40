using System.CommandLine;
using System.Globalization;
using Perennial.Server.Declarations;

namespace Perennial.Server.Commands;

/// <summary><c>perennial export</c>: CA certificates, groups and enrollments as a fleet file that <c>perennial apply</c> reads.</summary>
internal static class ExportCommand
{
    private static readonly Option<string> To = new("--to") { Description = "The file to make.", HelpName = "FILE", Required = true };

    public static Command Create()
    {
        var command = new Verb(
            "export",
            "Writes CA certificates, groups and enrollments as a file that 'perennial apply' reads. Symmetric keys only with --show-secrets; for everything see backup.",
            "perennial export --to exported.yaml")
        {
            To,
        };
        command.SetServiceAction(async (line, connection, stop) =>
        {
            var path = line.GetRequiredValue(To);
            await using var file = OperatorFile.Create(path);
            await using var text = new StreamWriter(file);
            var count = await new WriteFleetFile(connection.Provisioning, text, line.GetValue(ServiceOptions.ShowSecrets)).RunAsync(stop);
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{path}: {count} objects"));
        });
        return command.WithServiceOptions();
    }
}
