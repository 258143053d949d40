using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Commands;

/// <summary><c>perennial rehearse</c>: plays a planned roll on a copy of the state before it is started.</summary>
internal static class RehearseCommand
{
    /// <summary>The exit code when a finding blocks the plan.</summary>
    public const int Blocked = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private static readonly Argument<string> Id = new("roll") { Description = "The name of the roll." };

    private static readonly Option<string?> Specimen = new("--specimen") { Description = "A chain as devices will present it: PEM, leaf first. Default: made out from devices that have moved, or from the profile.", HelpName = "FILE" };

    private static readonly Option<int?> LargestChain = new("--largest-chain") { Description = "The most bytes of certificates that devices hold. Default 4096.", HelpName = "BYTES" };

    private static readonly Option<double?> ClockError = new("--clock-error") { Description = "Clocks of devices are wrong by up to so many seconds, either way. Default 60.", HelpName = "SECONDS" };

    private static readonly Option<int?> Seed = new("--seed") { Description = "Draws what is drawn; the same state and seed give the same rehearsal. Default 1.", HelpName = "NUMBER" };

    private static readonly Option<bool> Stop = new("--stop") { Description = "Stops the rehearsal of the roll that runs." };

    public static Command Create()
    {
        var verb = new Verb("rehearse", $"Plays a planned roll on a copy of the state, and tells what it finds. Ends with {Blocked} when a finding blocks the plan.", "perennial rehearse autumn")
        {
            Id, Specimen, LargestChain, ClockError, Seed, Stop,
        };
        verb.SetServiceAction(RunAsync);
        return verb.WithServiceOptions();
    }

    private static async Task<int> RunAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var id = line.GetRequiredValue(Id);
        if (line.GetValue(Stop))
        {
            await connection.Provisioning.DemandAsync(RestNoun.Roll.Of(HttpMethod.Delete, id, "/rehearsal"), cancellationToken);
            return 0;
        }

        await connection.Provisioning.DemandAsync(RestNoun.Roll.Post(id, "/rehearse", Request(line)), cancellationToken);
        var rehearsal = await WaitAsync(line, connection, id, cancellationToken);
        if (Answers.AreJson(line))
        {
            await Answers.WriteAsync(line, rehearsal);
        }
        else
        {
            await TellAsync(line.InvocationConfiguration.Output, rehearsal);
        }

        return (string?)rehearsal["state"] != "done" ? CommandLine.Failed : (bool?)rehearsal["blocks"] == true ? Blocked : 0;
    }

    private static JsonObject Request(ParseResult line)
    {
        var request = new JsonObject();
        if (line.GetValue(Specimen) is { } file)
        {
            request["specimen"] = string.Concat(OperatorFile.ReadCertificates(file).Select(Pem.Write));
        }

        if (line.GetValue(LargestChain) is { } bytes)
        {
            request["largestChainBytes"] = bytes;
        }

        if (line.GetValue(ClockError) is { } seconds)
        {
            request["clockErrorSeconds"] = seconds;
        }

        if (line.GetValue(Seed) is { } seed)
        {
            request["seed"] = seed;
        }

        return request;
    }

    // On a terminal one line changes; anywhere else only the outcome is told.
    private static async Task<JsonObject> WaitAsync(ParseResult line, ServiceConnection connection, string id, CancellationToken cancellationToken)
    {
        var output = line.InvocationConfiguration.Output;
        var isTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected && !Answers.AreJson(line);
        while (true)
        {
            var rehearsal = (await connection.Provisioning.DemandAsync(RestNoun.Roll.Of(HttpMethod.Get, id, "/rehearsal"), cancellationToken)).Document;
            if (isTerminal)
            {
                await output.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\rrehearsing '{id}': {(double?)rehearsal["progress"] ?? 0:P0} "));
            }

            if ((string?)rehearsal["state"] != "running")
            {
                await output.WriteAsync(isTerminal ? Environment.NewLine : string.Empty);
                return rehearsal;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private static async Task TellAsync(TextWriter output, JsonObject rehearsal)
    {
        if ((string?)rehearsal["state"] != "done")
        {
            await output.WriteLineAsync($"The rehearsal {((string?)rehearsal["state"] == "stopped" ? "was stopped" : "failed")}. {rehearsal["fault"]}".TrimEnd());
            return;
        }

        var findings = (rehearsal["findings"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        foreach (var finding in findings)
        {
            await output.WriteLineAsync($"{((string?)finding["severity"] == "blocks" ? "BLOCKS" : "warns "),-6}  {finding["kind"]}, {finding["devices"]} {Noun(finding["devices"])}: {finding["sentence"]}");
            await output.WriteLineAsync($"        {finding["remedy"]}");
        }

        await output.WriteLineAsync(
            $"{(findings.Count == 0 ? "Nothing was found. " : string.Empty)}{rehearsal["moved"]} of {rehearsal["devices"]} {Noun(rehearsal["devices"])} would move, {rehearsal["lostDevices"]} would lose access; "
            + $"in the busiest minute: certificates {rehearsal["peak"]?["issuances"]}, registrations {rehearsal["peak"]?["registrations"]}, handshakes {rehearsal["peak"]?["handshakes"]}.");
        var end = Column.TimeOf(Column.TextAt(rehearsal, "finishesUtc"));
        await output.WriteLineAsync(end is null ? "The roll is not over within a year." : $"The roll is over on {end}; nine of ten devices have moved by {Column.TimeOf(Column.TextAt(rehearsal, "mostMovedUtc")) ?? "its end"}.");
    }

    private static string Noun(JsonNode? count) => (long?)count == 1 ? "device" : "devices";
}
