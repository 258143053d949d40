using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Server.Declarations;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial apply</c>: makes a server hold what a file declares; the differences are shown first.</summary>
internal static class ApplyCommand
{
    private static readonly Option<string> FleetFile = new("--file", "-f") { Description = "The fleet file (YAML). Paths in it start from its folder.", HelpName = "FILE", Required = true };

    private static readonly Option<bool> Prune = new("--prune") { Description = "Deletes what the sections of the file do not declare; sections that it leaves out stay as they are." };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Does not ask." };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Shows the differences and changes nothing." };

    public static Command Create()
    {
        var command = new Verb("apply", "Declares enrollments, groups, CA certificates and linked hubs. Shows the differences first; applied again, there is nothing to do.", "perennial apply -f fleet.yaml --yes")
        {
            FleetFile, Prune, Yes, DryRun, PlanOption.Plan,
        };
        command.SetAction(RunAsync);
        return command.WithServiceOptions();
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellationToken)
    {
        var file = line.GetRequiredValue(FleetFile);
        var fleet = ReadFleetFile.Run(file, Read(file));
        using var connection = ServiceOptions.Connect(line);
        var changes = await new CompareFleet(connection.Provisioning).RunAsync(fleet, line.GetValue(Prune), cancellationToken);
        if (line.GetValue(PlanOption.Plan))
        {
            return await PlanAsync(line, connection, changes, cancellationToken);
        }

        await ShowAsync(line, changes);
        if (changes.Count == 0 || line.GetValue(DryRun))
        {
            return 0;
        }

        if (!line.GetValue(Yes) && !await AgreesAsync(line))
        {
            throw new OperatorException("nothing was changed. Say yes, or --yes.");
        }

        await ApplyAsync(line, connection, changes, cancellationToken);
        return 0;
    }

    // Each change is judged as if it alone were made.
    private static async Task<int> PlanAsync(ParseResult line, ServiceConnection connection, IReadOnlyList<FleetChange> changes, CancellationToken cancellationToken)
    {
        var losing = 0L;
        foreach (var change in changes.Where(change => change.Noun != RestNoun.LinkedHub))
        {
            var impact = (await connection.Provisioning.DemandAsync(PlanOption.DryRun(ApplyFleet.RequestOf(change)), cancellationToken)).Document;
            await PlanOption.TellAsync(line, impact);
            losing += PlanOption.LosingOf(impact);
        }

        return losing > 0 ? PlanOption.SomebodyLoses : 0;
    }

    private static async Task ApplyAsync(ParseResult line, ServiceConnection connection, IReadOnlyList<FleetChange> changes, CancellationToken cancellationToken)
    {
        var (apply, done) = (new ApplyFleet(connection.Provisioning), 0);
        try
        {
            foreach (var change in changes)
            {
                await apply.RunAsync(change, cancellationToken);
                done++;
            }
        }
        catch (OperatorException exception)
        {
            throw new OperatorException(
                string.Create(CultureInfo.InvariantCulture, $"{exception.Message} {done} of {changes.Count} changes are made; mend this one and apply again, the rest goes on."), exception);
        }

        if (!Answers.AreJson(line))
        {
            await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{done} changes are made"));
        }
    }

    private static string Read(string file)
    {
        using var content = OperatorFile.OpenBytes(file);
        if (content.Length > ReadFleetFile.MaxLength)
        {
            throw new OperatorException($"{file} is larger than {ReadFleetFile.MaxLength} bytes. Import long lists of devices instead: perennial import --help");
        }

        using var text = new StreamReader(content);
        return text.ReadToEnd();
    }

    private static async Task ShowAsync(ParseResult line, IReadOnlyList<FleetChange> changes)
    {
        var output = line.InvocationConfiguration.Output;
        if (Answers.AreJson(line))
        {
            await output.WriteLineAsync(Answers.JsonOf(new JsonArray([.. changes.Select(JsonOf)])));
            return;
        }

        foreach (var change in changes)
        {
            await output.WriteLineAsync($"{SignOf(change)} {change.Noun.Named(change.Id)}");
            foreach (var (name, from, to) in FieldsOf(change))
            {
                await output.WriteLineAsync(from is null ? $"    {name}: {to}" : $"    {name}: {from} -> {to}");
            }
        }

        await output.WriteLineAsync(changes.Count == 0 ? "nothing to do" : string.Create(
            CultureInfo.InvariantCulture,
            $"{changes.OfType<FleetChange.Created>().Count()} to create, {changes.OfType<FleetChange.Changed>().Count()} to change, {changes.OfType<FleetChange.Deleted>().Count()} to delete"));
    }

    private static JsonObject JsonOf(FleetChange change) => new()
    {
        ["action"] = change switch { FleetChange.Created => "create", FleetChange.Changed => "change", _ => "delete" },
        ["kind"] = change.Noun.Word,
        ["id"] = change.Id,
        ["fields"] = new JsonArray([.. FieldsOf(change).Select(field => new JsonObject { ["name"] = field.Name, ["from"] = field.From, ["to"] = field.To })]),
    };

    private static IEnumerable<(string Name, string? From, string To)> FieldsOf(FleetChange change) => change switch
    {
        FleetChange.Created { Declared: var declared } => declared.Members.Select(member => (member.Name, (string?)null, member.Wanted)),
        FleetChange.Changed { Fields: var fields } => fields,
        _ => [],
    };

    private static char SignOf(FleetChange change) => change switch { FleetChange.Created => '+', FleetChange.Changed => '~', _ => '-' };

    private static async Task<bool> AgreesAsync(ParseResult line)
    {
        if (Console.IsInputRedirected)
        {
            return false;
        }

        await line.InvocationConfiguration.Output.WriteAsync("Make these changes? [y/N] ");
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
