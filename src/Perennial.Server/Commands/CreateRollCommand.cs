using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Protocol;
using Perennial.Protocol.Rolling;
using Perennial.Rolling.Rolls;
using Perennial.Server.Http;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial roll create</c>: plans a roll, or tells beforehand what it is about.</summary>
internal static class CreateRollCommand
{
    private const int WavesTold = 12;

    private static readonly Option<string?> Group = new("--group") { Description = "The enrollment group whose signing certificate is rolled; both its slots are filled.", HelpName = "ID" };

    private static readonly Option<string[]> Devices = new("--device") { Description = "A device with an individual enrollment whose leaf is rolled; may be repeated.", HelpName = "ID", AllowMultipleArgumentsPerToken = true };

    private static readonly Option<string?> DevicesFile = new("--devices-file") { Description = "A file with a registration id a line.", HelpName = "FILE" };

    private static readonly Option<string?> Issuer = new("--issuer") { Description = "An issuing authority of ours, by the name in profiles, for which the next one is prepared.", HelpName = "NAME" };

    private static readonly Option<string> OldSlot = OldSlotOption();

    private static readonly Option<string> Reason = ReasonOption();

    public static Command Create(Argument<string> id)
    {
        var create = new Verb("create", "Plans a roll, or plans a draft anew; no device is touched before it is started.", "perennial roll create spring --group lamps --old-slot primary --wave-size 20 --soak 0")
        {
            id, Group, Devices, DevicesFile, Issuer, OldSlot, Reason, PlanOption.Plan,
        };
        RollPlanOptions.AddTo(create);
        create.SetServiceAction((line, connection, stop) => RunAsync(line, line.GetRequiredValue(id), connection, stop));
        return create;
    }

    private static async Task<int> RunAsync(ParseResult line, string id, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var (group, devices, issuer) = (line.GetValue(Group), DevicesOf(line), line.GetValue(Issuer));
        if (new[] { group is not null, devices.Count > 0, issuer is not null }.Count(isGiven => isGiven) != 1)
        {
            throw new OperatorException("say what is rolled: --group ID, or the devices by --device ID or --devices-file FILE, or --issuer NAME.");
        }

        var plan = RollPlanOptions.Read(line);
        if (line.GetValue(PlanOption.Plan))
        {
            if (issuer is not null)
            {
                throw new OperatorException("the roll of an issuer takes access from nobody: the old authority stays until no device needs it. Leave out --plan, and see what it does by 'perennial rehearse'.");
            }

            return await PlanAsync(line, connection, group, devices, plan, cancellationToken);
        }

        var body = new JsonObject
        {
            ["enrollmentGroupId"] = group,
            ["issuer"] = issuer,
            ["registrationIds"] = devices.Count > 0 ? new JsonArray([.. devices.Select(device => JsonValue.Create(device))]) : null,
            ["oldSlot"] = issuer is null ? line.GetValue(OldSlot) : null,
            ["reason"] = line.GetValue(Reason),
            ["plan"] = plan,
        };
        await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(RestNoun.Roll.Put(id, body), cancellationToken)).Document);
        return 0;
    }

    // What stands in the old slot is taken out at the end. Who would lose access by that now is who has to move before.
    private static async Task<int> PlanAsync(
        ParseResult line, ServiceConnection connection, string? group, IReadOnlyList<string> devices, JsonObject plan, CancellationToken cancellationToken)
    {
        var losing = 0L;
        var concerned = 0L;
        foreach (var (noun, name) in group is null ? devices.Select(device => (RestNoun.Enrollment, device)) : [(RestNoun.Group, group)])
        {
            var stored = (await connection.Provisioning.DemandAsync(noun.Get(name), cancellationToken)).Document;
            var slots = Column.NodeAt(stored, noun.HoldsSigners ? "attestation.x509.signingCertificates" : "attestation.x509.clientCertificates") as JsonObject
                ?? throw new OperatorException($"{noun.Named(name)} holds no certificates of its own that could be rolled.");
            slots.Remove(line.GetRequiredValue(OldSlot));
            var impact = (await connection.Provisioning.DemandAsync(PlanOption.DryRun(noun.Put(name, stored, (string?)stored["etag"])), cancellationToken)).Document;
            await PlanOption.TellAsync(line, impact);
            losing += PlanOption.LosingOf(impact);
            concerned += (impact["devices"] as JsonObject ?? []).Sum(count => (long?)count.Value ?? 0);
        }

        await OutlineAsync(line, plan, concerned);
        return losing > 0 ? PlanOption.SomebodyLoses : 0;
    }

    private static async Task OutlineAsync(ParseResult line, JsonObject document, long devices)
    {
        if (!WireJson.TryParse<RollRequestDocument>(JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["plan"] = document.DeepClone() }), out var request, out var fault)
            || !RollDocuments.TryRead(request.Plan, out var plan, out fault)
            || (fault = plan.FindFault()) is not null)
        {
            throw new OperatorException($"the plan: {fault}");
        }

        if (Answers.AreJson(line))
        {
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        var roll = new Roll { Id = "draft", Kind = RollKind.SigningCertificate, Reason = RollReason.Expiration, Plan = plan, State = RollState.Draft, Created = now };
        var ends = RollForecast.Of(roll, new RollProgress(devices, 0, 0, devices, 0, null) { Pending = devices }, now).LastOffer;
        var waves = RollForecast.WavesOf(plan, devices).Take(WavesTold + 1).Select(wave => wave.ToString(CultureInfo.InvariantCulture)).ToList();
        var sizes = string.Join(", ", waves.Count > WavesTold ? [.. waves.Take(WavesTold), "…"] : waves);
        await line.InvocationConfiguration.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"the roll: {devices} {(devices == 1 ? "device" : "devices")} in waves of {sizes}; none loses access, for the old certificate stays until each has moved, is waived or is over; started now, the last is offered it {(ends is { } at ? $"no sooner than {at:yyyy-MM-dd HH:mm:ss}Z" : "later than in ten years, or never")}"));
    }

    private static List<string> DevicesOf(ParseResult line)
    {
        var devices = new List<string>(line.GetValue(Devices) ?? []);
        if (line.GetValue(DevicesFile) is not { } path)
        {
            return devices;
        }

        using var file = OperatorFile.Open(path);
        while (file.ReadLine() is { } id)
        {
            devices.AddRange(id.Trim() is { Length: > 0 } one ? [one] : []);
            if (devices.Count > CreateRoll.MaxMembers)
            {
                throw new OperatorException($"{path}: a roll of leaves has at most {CreateRoll.MaxMembers} devices. Make several rolls of them.");
            }
        }

        return devices;
    }

    private static Option<string> OldSlotOption()
    {
        var option = new Option<string>("--old-slot") { Description = "The slot that is retired at the end, primary or secondary. Default primary.", HelpName = "SLOT", DefaultValueFactory = _ => "primary" };
        option.AcceptOnlyFromAmong("primary", "secondary");
        return option;
    }

    private static Option<string> ReasonOption()
    {
        var option = new Option<string>("--reason") { Description = "expiration, breach or policy. Default expiration.", HelpName = "WORD", DefaultValueFactory = _ => "expiration" };
        option.AcceptOnlyFromAmong("expiration", "breach", "policy");
        return option;
    }
}
