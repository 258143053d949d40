using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial linked-hub</c>: the hubs that devices are assigned to.</summary>
internal static class LinkedHubCommand
{
    private static readonly Argument<string> Host = new("host") { Description = "The host name of the hub." };

    private static readonly Option<string?> Secret = new("--connection-string-file") { Description = "A file with the hub's connection string; - is standard input.", HelpName = "FILE" };

    private static readonly Option<int?> Weight = new("--allocation-weight", "--aw") { Description = "Its share in hashed allocation, 1 to 1000.", HelpName = "N" };

    private static readonly Option<bool?> Applies = new("--apply-allocation-policy", "--aap") { Description = "Whether enrollments that name no hub may get it." };

    private static readonly Option<string?> Location = new("--location") { Description = "Where it is, as a note.", HelpName = "TEXT" };

    public static Command Create()
    {
        var noun = RestNoun.LinkedHub;
        var link = new Verb("link", "Links a hub outside this server.", "perennial linked-hub link hub-b.example.net --connection-string-file hub-b.txt") { Host, Secret, Weight, Applies, Location };
        var list = new Verb("list", "Lists them.", "perennial linked-hub list");
        var show = new Verb("show", "Shows one.", "perennial linked-hub show hub-b.example.net") { Host };
        var update = new Verb("update", "Changes what is named.", "perennial linked-hub update hub-b.example.net --allocation-weight 2") { Host, Secret, Weight, Applies, Location };
        var unlink = new Verb("unlink", "Assigns no devices to it any more; those that it has stay.", "perennial linked-hub unlink hub-b.example.net") { Host };
        link.Validators.Add(result =>
        {
            if (result.GetResult(Secret) is null)
            {
                result.AddError("--connection-string-file is needed.");
            }
        });
        link.SetServiceAction(SaveAsync);
        update.SetServiceAction(async (line, connection, stop) =>
        {
            await connection.Provisioning.DemandAsync(noun.Get(line.GetRequiredValue(Host)), stop);
            await SaveAsync(line, connection, stop);
        });
        list.SetServiceAction((line, connection, stop) => Answers.WriteAsync(
            line,
            connection.Provisioning.ListAsync(noun.List(), stop),
            most: null,
            Column.At("host", "name"),
            Column.At("weight", "allocationWeight"),
            Column.At("applies", "applyAllocationPolicy"),
            Column.At("location", "location"),
            new Column("served", hub => hub["connectionString"] is null ? "here" : "elsewhere")));
        show.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(noun.Get(line.GetRequiredValue(Host)), stop)).Document));
        unlink.SetServiceAction(async (line, connection, stop) => await connection.Provisioning.DemandAsync(noun.Delete(line.GetRequiredValue(Host)), stop));
        return new Command("linked-hub", "The hubs that devices are assigned to.") { link, list, show, update, unlink }.WithServiceOptions();
    }

    private static async Task SaveAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var host = line.GetRequiredValue(Host);
        var document = new JsonObject
        {
            ["name"] = host,
            ["connectionString"] = line.GetValue(Secret) is { } file ? SecretInput.Read(file, "the connection string of the hub") : null,
            ["allocationWeight"] = line.GetValue(Weight),
            ["applyAllocationPolicy"] = line.GetValue(Applies),
            ["location"] = line.GetValue(Location),
        };
        await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(RestNoun.LinkedHub.Put(host, document), cancellationToken)).Document);
    }
}
