using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial registration</c>: the records of devices that provisioned.</summary>
internal static class RegistrationCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "The registration id." };

    private static readonly Option<string?> Group = new("--enrollment-group", "--group")
    {
        Description = "Those of the devices of this group. Default those of individual enrollments.",
        HelpName = "ID",
    };

    private static readonly Column[] Columns =
    [
        Column.At("id", "registrationId"), Column.At("status", "status"), Column.At("hub", "assignedHub"), Column.At("device", "deviceId"),
        Column.TimeAt("created", "createdDateTimeUtc"), Column.TimeAt("last", "lastUpdatedDateTimeUtc"), Column.At("error", "errorMessage"),
    ];

    public static Command Create()
    {
        var noun = RestNoun.Registration;
        var list = new Verb("list", "Lists them.", "perennial registration list --enrollment-group lamps") { Group, ListOptions.Most };
        var show = new Verb("show", "Shows one.", "perennial registration show lamp-1") { Id };
        var delete = new Verb("delete", "Deletes one; the device may register again, and gets a new record.", "perennial registration delete lamp-1") { Id };
        list.SetServiceAction((line, connection, stop) => Answers.WriteAsync(line, ListAsync(line, connection, stop), line.GetValue(ListOptions.Most), Columns));
        show.SetServiceAction(async (line, connection, stop) =>
            await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(noun.Get(line.GetRequiredValue(Id)), stop)).Document));
        delete.SetServiceAction(async (line, connection, stop) => await connection.Provisioning.DemandAsync(noun.Delete(line.GetRequiredValue(Id)), stop));
        return new Command("registration", "Registration records: which device provisioned, when, to which hub.") { list, show, delete }.WithServiceOptions();
    }

    private static async IAsyncEnumerable<JsonObject> ListAsync(
        ParseResult line, ServiceConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (line.GetValue(Group) is { } group)
        {
            var asked = RestNoun.Registration.Post(group, "/query", new JsonObject { ["query"] = "SELECT * FROM registrations" });
            await foreach (var registration in connection.Provisioning.ListAsync(asked with { Subject = RestNoun.Group.Named(group) }, cancellationToken))
            {
                yield return registration;
            }

            yield break;
        }

        await foreach (var enrollment in connection.Provisioning.ListAsync(RestNoun.Enrollment.Query("SELECT * FROM enrollments"), cancellationToken))
        {
            if (enrollment["registrationState"] is JsonObject registration)
            {
                yield return (JsonObject)registration.DeepClone();
            }
        }
    }
}
