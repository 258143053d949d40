using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial device</c>: the device identities of a hub, and what the service saw of a device.</summary>
internal static class DeviceCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The device id." };

    private static readonly Option<string?> Hub = new("--hub", "-n") { Description = "The hub, by name or host name. Default the only one.", HelpName = "NAME", Recursive = true };

    private static readonly Option<string?> Primary = new("--certificate", "--cp") { Description = "A file with the device's certificate; its thumbprint comes into the primary slot.", HelpName = "FILE" };

    private static readonly Option<string?> Secondary = new("--secondary-certificate", "--scp") { Description = "The same for the secondary slot.", HelpName = "FILE" };

    private static readonly Option<string?> PrimaryThumbprint = new("--primary-thumbprint", "--ptp") { Description = "The SHA-256 or SHA-1 thumbprint of the primary slot.", HelpName = "HEX" };

    private static readonly Option<string?> SecondaryThumbprint = new("--secondary-thumbprint", "--stp") { Description = "The same for the secondary slot.", HelpName = "HEX" };

    private static readonly Option<bool> ByAuthority = new("--by-authority") { Description = "Takes any certificate with the device's name below a CA certificate of the service." };

    private static readonly Option<string?> Reason = new("--reason") { Description = "Why, in up to 128 characters.", HelpName = "TEXT" };

    public static Command Create()
    {
        var list = new Verb("list", "Lists the devices of a hub.", "perennial device list") { ListOptions.Most };
        var create = new Verb("create", "Makes a device identity: by certificate, or with new symmetric keys.", "perennial device create meter-1 --certificate meter-1.pem")
        {
            Id, Primary, Secondary, PrimaryThumbprint, SecondaryThumbprint, ByAuthority,
        };
        var show = new Verb("show", "Shows one.", "perennial device show meter-1") { Id };
        var disable = new Verb("disable", "Refuses the device from now on, and drops its connection.", "perennial device disable meter-1 --reason stolen") { Id, Reason, PlanOption.Plan };
        var enable = new Verb("enable", "Takes the device again.", "perennial device enable meter-1") { Id, PlanOption.Plan };
        var disconnect = new Verb("disconnect", "Ends the connections of the device and of its modules. It may come back at once.", "perennial device disconnect meter-1") { Id };
        var sightings = new Verb("sightings", "Shows with what the device came lately, and what took or refused it.", "perennial device sightings lamp-1") { Id };
        var delete = new Verb("delete", "Deletes the identity, its twin and its messages.", "perennial device delete meter-1") { Id, PlanOption.Plan };
        list.SetServiceAction(ListAsync);
        create.SetServiceAction(CreateAsync);
        show.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await HubOf(line, connection).DemandAsync(RestNoun.Device.Get(line.GetRequiredValue(Id)), stop)).Document));
        disable.SetServiceAction((line, connection, stop) => SetStatusAsync(line, connection, "disabled", line.GetValue(Reason), stop));
        enable.SetServiceAction((line, connection, stop) => SetStatusAsync(line, connection, "enabled", null, stop));
        disconnect.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await HubOf(line, connection).DemandAsync(RestNoun.Device.Post(line.GetRequiredValue(Id), "/disconnect"), stop)).Document));
        sightings.SetServiceAction(SightingsAsync);
        delete.SetServiceAction((line, connection, stop) =>
            PlanOption.RunAsync(line, HubOf(line, connection), RestNoun.Device.Delete(line.GetRequiredValue(Id), "*"), stop));
        return new Command("device", "Device identities of a hub, and sightings of devices.") { list, create, show, disable, enable, disconnect, sightings, delete, Hub }.WithServiceOptions();
    }

    private static ServiceApi HubOf(ParseResult line, ServiceConnection connection) => connection.Hub(line.GetValue(Hub));

    private static Task ListAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken) => Answers.WriteAsync(
        line,
        HubOf(line, connection).ListAsync(RestNoun.Device.Query("SELECT * FROM devices") with { PageSize = 1000 }, cancellationToken),
        line.GetValue(ListOptions.Most),
        Column.At("id", "deviceId"),
        Column.At("status", "status"),
        Column.At("connection", "connectionState"),
        Column.At("authentication", "authenticationType"),
        Column.TimeAt("last activity", "lastActivityTime"));

    private static async Task CreateAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var id = line.GetRequiredValue(Id);
        var primary = line.GetValue(PrimaryThumbprint) ?? ThumbprintOf(line.GetValue(Primary));
        var secondary = line.GetValue(SecondaryThumbprint) ?? ThumbprintOf(line.GetValue(Secondary));
        var authentication = primary is not null || secondary is not null
            ? new JsonObject { ["type"] = "selfSigned", ["x509Thumbprint"] = new JsonObject { ["primaryThumbprint"] = primary, ["secondaryThumbprint"] = secondary } }
            : new JsonObject { ["type"] = line.GetValue(ByAuthority) ? "certificateAuthority" : "sas" };
        var identity = new JsonObject { ["deviceId"] = id, ["status"] = "enabled", ["authentication"] = authentication };
        var answer = await HubOf(line, connection).AskAsync(RestNoun.Device.Put(id, identity), cancellationToken);
        if (!answer.IsDone)
        {
            throw new OperatorException(answer.Status == 409
                ? $"{RestNoun.Device.Named(id)} is there already. See it with: perennial device show {id}"
                : $"{RestNoun.Device.Named(id)}: {answer.Message}");
        }

        await Answers.WriteAsync(line, answer.Document);
    }

    private static async Task<int> SetStatusAsync(ParseResult line, ServiceConnection connection, string status, string? reason, CancellationToken cancellationToken)
    {
        var (id, hub) = (line.GetRequiredValue(Id), HubOf(line, connection));
        var stored = (await hub.DemandAsync(RestNoun.Device.Get(id), cancellationToken)).Document;
        stored["status"] = status;
        stored["statusReason"] = reason;
        return await PlanOption.RunAsync(line, hub, RestNoun.Device.Put(id, stored, $"\"{stored["etag"]}\""), cancellationToken);
    }

    private static Task SightingsAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken) => Answers.WriteAsync(
        line,
        connection.Provisioning.ListAsync(RestNoun.Registration.Of(HttpMethod.Get, line.GetRequiredValue(Id), "/sightings"), cancellationToken),
        most: null,
        Column.TimeAt("at", "atUtc"),
        Column.At("path", "path"),
        Column.At("hub", "hub"),
        Column.At("enrollment", "enrollment"),
        Column.At("slot", "slot"),
        new Column("leaf", sighting => (sighting["chain"] as JsonArray)?.FirstOrDefault()?.ToString() is { Length: > 16 } leaf ? leaf[..16] + "…" : null),
        Column.At("refusal", "refusal"),
        Column.At("explanation", "explanation"));

    private static string? ThumbprintOf(string? file) => file is null ? null : OperatorFile.ReadCertificates(file)[0].Thumbprint.ToString();
}
