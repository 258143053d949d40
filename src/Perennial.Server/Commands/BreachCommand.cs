using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial breach</c>: the steps out of a breach, from what was compromised to the enrollment without it.</summary>
internal static class BreachCommand
{
    private static readonly Dictionary<string, string> Procedures = new(StringComparer.Ordinal)
    {
        ["individual-leaf"] = "individualLeaf",
        ["group-leaf"] = "groupLeaf",
        ["intermediate"] = "intermediate",
        ["root"] = "root",
    };

    private static readonly Argument<string> What = new Argument<string>("what")
    {
        Description = "What was compromised: individual-leaf, the certificate of a device with an individual enrollment; group-leaf, that of one device of a group; intermediate or root, that of a group.",
    }.AcceptOnlyFromAmong([.. Procedures.Keys]);

    private static readonly Argument<string> Name = new("name") { Description = "The registration id of the device, or the id of the group." };

    private static readonly Argument<string> Id = new("id") { Description = "The id of the breach, as open and list tell it." };

    private static readonly Option<string> Slot = new Option<string>("--slot")
    {
        Description = "The slot that holds the compromised certificate, primary or secondary; of a device of a group it is the leaf that it was last accepted with. Default primary.",
        HelpName = "SLOT",
        DefaultValueFactory = _ => "primary",
    }.AcceptOnlyFromAmong("primary", "secondary");

    private static readonly Option<string> Reason = new("--reason") { Description = "What happened, for the record.", HelpName = "TEXT", Required = true };

    public static Command Create()
    {
        var open = new Verb("open", "Opens a breach, and tells the steps out of it; nothing is blocked by that.", "perennial breach open root line-4 --reason \"key stolen\"") { What, Name, Slot, Reason };
        var list = new Verb("list", "Lists the breaches, those that are open first.", "perennial breach list") { ListOptions.Most };
        var show = new Verb("show", "Shows a breach, and which steps out of it are done.", "perennial breach show BREACH") { Id };
        var block = new Verb("block", "Blocks what was compromised, or drains it, and drops its live connections.", "perennial breach block BREACH --drain --rate 120") { Id };
        DrainOptions.AddTo(block);
        block.Add(PlanOption.Plan);
        var roll = new Verb("roll", "Plans a roll from the compromised certificate to the one in the other slot; start it with perennial roll start.", "perennial breach roll BREACH --wave-size 20 --soak 0") { Id };
        RollPlanOptions.AddTo(roll);
        var takeOut = new Verb("take-out", "Saves the enrollment without the compromised certificate.", "perennial breach take-out BREACH") { Id, PlanOption.Plan };
        var close = new Verb("close", "Closes a breach; its block stands until it is taken away.", "perennial breach close BREACH") { Id };
        open.SetServiceAction(OpenAsync);
        list.SetServiceAction(ListAsync);
        show.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(RestNoun.Breach.Get(line.GetRequiredValue(Id)), stop)).Document));
        block.SetServiceAction((line, connection, stop) => PlanOption.RunAsync(line, connection.Provisioning, Step(line, "/block", Terms(line)), stop));
        roll.SetServiceAction(async (line, connection, stop) => await Answers.WriteAsync(
            line, (await connection.Provisioning.DemandAsync(Step(line, "/roll", new JsonObject { ["plan"] = RollPlanOptions.Read(line) }), stop)).Document));
        takeOut.SetServiceAction((line, connection, stop) => PlanOption.RunAsync(line, connection.Provisioning, Step(line, "/takeOut"), stop));
        close.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(Step(line, "/close"), stop)).Document));
        return new Command("breach", "The steps out of a breach: block, stage, move, take out.") { open, list, show, block, roll, takeOut, close }.WithServiceOptions();
    }

    private static async Task OpenAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var (what, name) = (Procedures[line.GetRequiredValue(What)], line.GetRequiredValue(Name));
        var body = new JsonObject
        {
            ["procedure"] = what,
            [what is "individualLeaf" or "groupLeaf" ? "registrationId" : "enrollmentGroupId"] = name,
            ["slot"] = line.GetValue(Slot),
            ["reason"] = line.GetRequiredValue(Reason),
        };
        await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(RestNoun.Breach.Post(body, $"breach of '{name}'"), cancellationToken)).Document);
    }

    private static Task ListAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken) => Answers.WriteAsync(
        line,
        connection.Provisioning.ListAsync(RestNoun.Breach.List(), cancellationToken),
        line.GetValue(ListOptions.Most),
        Column.At("id", "id"),
        Column.At("what", "procedure"),
        new Column("of", breach => Column.TextAt(breach, "registrationId") ?? Column.TextAt(breach, "enrollmentGroupId")),
        new Column("state", breach => breach["closedUtc"] is null ? "open" : "closed"),
        Column.TimeAt("opened", "atUtc"),
        Column.At("reason", "reason"));

    private static ServiceRequest Step(ParseResult line, string step, JsonNode? body = null) => RestNoun.Breach.Post(line.GetRequiredValue(Id), step, body);

    private static JsonObject Terms(ParseResult line)
    {
        var terms = new JsonObject();
        DrainOptions.Write(line, terms);
        return terms;
    }
}
