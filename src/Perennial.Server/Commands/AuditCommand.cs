using System.CommandLine;
using System.Globalization;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial audit</c>: who changed what, and that nobody changed the trail.</summary>
internal static class AuditCommand
{
    private static readonly Option<string?> Actor = new("--actor") { Description = "Only by those whose name has this in it.", HelpName = "TEXT" };

    private static readonly Option<string?> Act = new("--action") { Description = "Only acts that begin so, for instance enrollment.", HelpName = "TEXT" };

    private static readonly Option<string?> Subject = new("--subject") { Description = "Only on objects whose name has this in it.", HelpName = "TEXT" };

    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "Not before this time, for instance 2026-01-31T12:00:00Z.", HelpName = "TIME" };

    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "Before this time.", HelpName = "TIME" };

    private static readonly Option<string> To = new("--to") { Description = "The file to make.", HelpName = "FILE", Required = true };

    private static readonly Option<bool> Csv = new("--csv") { Description = "As a table instead of a JSON object a line." };

    private static readonly Option<string?> Expected = new("--expected") { Description = "A hash of the trail that was kept elsewhere: is it still in it?", HelpName = "HASH" };

    public static Command Create()
    {
        var list = new Verb("list", "Lists entries, latest first.", "perennial audit list --action enrollment --top 20") { Actor, Act, Subject, From, Until, ListOptions.Most };
        var export = new Verb("export", "Writes the whole trail, earliest first.", "perennial audit export --to audit.ndjson") { To, Csv };
        var verify = new Verb("verify", "Checks that nothing in the trail was changed; ends with 1 if something was.", "perennial audit verify") { Expected };
        list.SetServiceAction((line, connection, stop) => Answers.WriteAsync(
            line,
            connection.Provisioning.ListAsync(new ServiceRequest(HttpMethod.Get, $"audit{QueryOf(line)}", "the audit trail"), stop),
            line.GetValue(ListOptions.Most),
            Column.At("number", "number"),
            Column.TimeAt("at", "at"),
            Column.At("actor", "actor"),
            Column.At("action", "action"),
            Column.At("subject", "subject")));
        export.SetServiceAction(ExportAsync);
        verify.SetAction(VerifyAsync);
        return new Command("audit", "The audit trail: who changed what and when.") { list, export, verify }.WithServiceOptions();
    }

    private static string QueryOf(ParseResult line)
    {
        var parts = new List<(string Name, string? Value)>
        {
            ("actor", line.GetValue(Actor)),
            ("action", line.GetValue(Act)),
            ("subject", line.GetValue(Subject)),
            ("from", line.GetValue(From)?.ToString("O", CultureInfo.InvariantCulture)),
            ("until", line.GetValue(Until)?.ToString("O", CultureInfo.InvariantCulture)),
        };
        return string.Concat(parts.Where(part => part.Value is not null).Select((part, index) => $"{(index == 0 ? '?' : '&')}{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }

    private static async Task ExportAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var path = line.GetRequiredValue(To);
        await using var file = OperatorFile.Create(path);
        await connection.Provisioning.CopyAsync(
            new ServiceRequest(HttpMethod.Get, line.GetValue(Csv) ? "audit/export?format=csv" : "audit/export", "the audit trail"), file, cancellationToken);
        await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{path}: {file.Length} bytes"));
    }

    private static async Task<int> VerifyAsync(ParseResult line, CancellationToken cancellationToken)
    {
        using var connection = ServiceOptions.Connect(line);
        var expected = line.GetValue(Expected);
        var asked = new ServiceRequest(HttpMethod.Get, expected is null ? "audit/verdict" : $"audit/verdict?expected={Uri.EscapeDataString(expected)}", "the audit trail");
        var verdict = (await connection.Provisioning.DemandAsync(asked, cancellationToken)).Document;
        await Answers.WriteAsync(line, verdict);
        return (bool?)verdict["whole"] == true && (expected is null || (bool?)verdict["holdsExpected"] == true) ? 0 : CommandLine.Failed;
    }
}
