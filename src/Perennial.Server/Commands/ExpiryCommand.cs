using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial expiry</c>: who would be refused on a day if nothing was rolled until then.</summary>
internal static class ExpiryCommand
{
    private static readonly Option<string> At = new("--at") { Description = "A day, meant at its beginning in UTC, or a moment; not over yet.", HelpName = "DATE", Required = true };

    public static Command Create()
    {
        var verb = new Verb("expiry", "Tells who would be refused at a moment to come if nothing was rolled until then.", "perennial expiry --at 2100-03-01") { At };
        verb.SetServiceAction(RunAsync);
        return verb.WithServiceOptions();
    }

    private static async Task RunAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var request = new ServiceRequest(HttpMethod.Get, $"expiry?at={Uri.EscapeDataString(line.GetRequiredValue(At))}", "the forecast of what ends");
        var found = (await connection.Provisioning.DemandAsync(request, cancellationToken)).Document;
        if (Answers.AreJson(line))
        {
            await Answers.WriteAsync(line, found);
            return;
        }

        var output = line.InvocationConfiguration.Output;
        await output.WriteLineAsync($"{Column.TimeOf(Column.TextAt(found, "atUtc"))}: {found["refused"]} of {found["devices"]} devices would be refused if nothing was rolled");
        foreach (var part in (found["parts"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var of = Column.TextAt(part, "enrollmentGroupId") is { } group ? $"group '{group}'" : "individual enrollments";
            await output.WriteLineAsync($"  {of}: of {part["devices"]} devices, {part["leafEnded"]} whose own certificate will have ended, {part["authorityEnded"]} below one that has ended");
        }

        foreach (var reason in (found["reasons"] as JsonArray ?? []).OfType<JsonObject>())
        {
            await output.WriteLineAsync($"  {reason["devices"]} by {reason["refusal"]} {reason["title"]} {reason["remedy"]}");
        }
    }
}
