using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial roll</c>: replaces a certificate of many devices in order.</summary>
internal static class RollCommand
{
    private static readonly Argument<string> Id = new("name") { Description = "The name of the roll: letters, digits and dashes." };

    private static readonly Argument<string> Device = new("device") { Description = "The registration id." };

    private static readonly Option<string?> State = new("--state") { Description = "Only rolls of this state, for instance running.", HelpName = "STATE" };

    private static readonly Option<bool> Open = new("--open") { Description = "Only devices for whose sake the old certificate has to stay." };

    private static readonly Option<string> Reason = new("--reason") { Description = "Why the device is not waited for; the audit trail keeps it.", HelpName = "TEXT", Required = true };

    private static readonly Option<string> Haste = new("--reason") { Description = "Why it is hastened; the audit trail keeps it.", HelpName = "TEXT", Required = true };

    private static readonly Option<string?> WithoutRehearsal = new("--without-rehearsal") { Description = "Why a roll is started that was not rehearsed; the audit trail keeps it.", HelpName = "REASON" };

    public static Command Create()
    {
        var list = new Verb("list", "Lists the rolls.", "perennial roll list") { State, ListOptions.Most };
        var show = new Verb("show", "Shows how far a roll has come, what it waits for, and when it ends.", "perennial roll show spring") { Id };
        var devices = new Verb("devices", "Lists the devices of a roll, and how each stands.", "perennial roll devices spring --open") { Id, Open, ListOptions.Most };
        var start = new Verb("start", "Starts a roll: from now on devices are told to roll.", "perennial roll start spring --without-rehearsal \"tried on the bench, ticket 4711\"") { Id, WithoutRehearsal };
        var pause = new Verb("pause", "Touches no further device until it is resumed.", "perennial roll pause spring") { Id };
        var resume = new Verb("resume", "Goes on after a pause or a halt; mend or waive first what halted it.", "perennial roll resume spring") { Id };
        var hasten = new Verb("hasten", "Moves the windows that devices were told into the past: they are to roll now.", "perennial roll hasten spring --reason \"key leaked, ticket 4712\"") { Id, Haste };
        var back = new Verb("roll-back", "Turns a roll back: devices that moved are told to go back, and the new certificate is retired when none uses it.", "perennial roll roll-back winter") { Id };
        var waive = new Verb("waive", "Waits for a device no longer.", "perennial roll waive spring bulb-1 --reason \"scrapped, ticket 4711\"") { Id, Device, Reason };
        var watch = new Verb("watch", "Tells how a roll goes on until it is over; ends with 1 when it was aborted. Stopping it stops nothing else.", "perennial roll watch spring") { Id };
        var abort = new Verb("abort", "Ends a roll. Both certificates go on counting, and offers that no device followed are withdrawn.", "perennial roll abort autumn") { Id };
        var proof = new Verb("proof", "Prints the signed report of a roll that has ended, as JSON; perennial proof verify checks it.", "perennial roll proof winter") { Id };
        list.SetServiceAction(ListAsync);
        show.SetServiceAction(ShowAsync);
        devices.SetServiceAction(DevicesAsync);
        start.SetServiceAction((line, connection, stop) => ActAsync(
            line, connection, "/start", line.GetValue(WithoutRehearsal) is { } reason ? new JsonObject { ["withoutRehearsal"] = reason } : null, stop));
        pause.SetServiceAction((line, connection, stop) => ActAsync(line, connection, "/pause", null, stop));
        resume.SetServiceAction((line, connection, stop) => ActAsync(line, connection, "/resume", null, stop));
        abort.SetServiceAction((line, connection, stop) => ActAsync(line, connection, "/abort", null, stop));
        hasten.SetServiceAction((line, connection, stop) => ActAsync(line, connection, "/hasten", new JsonObject { ["reason"] = line.GetRequiredValue(Haste) }, stop));
        back.SetServiceAction((line, connection, stop) => ActAsync(line, connection, "/rollBack", null, stop));
        waive.SetServiceAction((line, connection, stop) => ActAsync(
            line, connection, $"/devices/{Uri.EscapeDataString(line.GetRequiredValue(Device))}/waive", new JsonObject { ["reason"] = line.GetRequiredValue(Reason) }, stop));
        watch.SetServiceAction(WatchAsync);
        proof.SetServiceAction(ProofAsync);
        return new Command("roll", "Rolls: a certificate of many devices is replaced in order, while every device can connect.")
        {
            list, CreateRollCommand.Create(Id), show, devices, start, pause, resume, hasten, back, waive, watch, abort, proof,
        }.WithServiceOptions();
    }

    private static Task ListAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var rolls = connection.Provisioning.ListAsync(RestNoun.Roll.List(), cancellationToken);
        return Answers.WriteAsync(
            line,
            line.GetValue(State) is { } state ? rolls.Where(roll => (string?)roll["state"] == state) : rolls,
            line.GetValue(ListOptions.Most),
            Column.At("name", "id"),
            Column.At("kind", "kind"),
            Column.At("of", "enrollmentGroupId"),
            Column.At("state", "state"),
            new Column("wave", RollWords.WaveOf),
            Column.TimeAt("planned", "createdUtc"),
            Column.At("halted", "haltReason"));
    }

    private static async Task ShowAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var roll = (await connection.Provisioning.DemandAsync(RestNoun.Roll.Get(line.GetRequiredValue(Id)), cancellationToken)).Document;
        await Answers.WriteAsync(line, roll);
        if (!Answers.AreJson(line) && RollWords.Ends(roll) is { } ends)
        {
            await line.InvocationConfiguration.Output.WriteLineAsync(ends);
        }
    }

    private static Task DevicesAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken) => Answers.WriteAsync(
        line,
        connection.Provisioning.ListAsync(
            RestNoun.Roll.Of(HttpMethod.Get, line.GetRequiredValue(Id), line.GetValue(Open) ? "/devices?open=true" : "/devices") with { PageSize = 1000 }, cancellationToken),
        line.GetValue(ListOptions.Most),
        Column.At("device", "registrationId"),
        Column.At("state", "state"),
        Column.At("wave", "wave"),
        Column.TimeAt("offered", "offeredUtc"),
        Column.TimeAt("seen", "seenUtc"),
        Column.TimeAt("leaf ends", "leafEndsUtc"),
        Column.At("remark", "remark"));

    private static async Task ActAsync(ParseResult line, ServiceConnection connection, string act, JsonNode? body, CancellationToken cancellationToken)
    {
        var answer = await connection.Provisioning.DemandAsync(RestNoun.Roll.Post(line.GetRequiredValue(Id), act, body), cancellationToken);
        await (Answers.AreJson(line) ? Answers.WriteAsync(line, answer.Document) : line.InvocationConfiguration.Output.WriteLineAsync(RollWords.Line(answer.Document)));
    }

    private static async Task ProofAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var answer = await connection.Provisioning.DemandAsync(RestNoun.Roll.Of(HttpMethod.Get, line.GetRequiredValue(Id), "/proof"), cancellationToken);
        await line.InvocationConfiguration.Output.WriteLineAsync(answer.Document.ToJsonString());
    }

    private static Task<int> WatchAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var output = line.InvocationConfiguration.Output;
        return new WatchRoll(connection, output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected, TimeProvider.System)
            .RunAsync(line.GetRequiredValue(Id), cancellationToken);
    }
}
