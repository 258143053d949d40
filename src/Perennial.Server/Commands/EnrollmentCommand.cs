using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary><c>perennial enrollment</c> and <c>perennial enrollment-group</c>: who may provision, and by which certificates.</summary>
internal sealed class EnrollmentCommand
{
    private readonly RestNoun _noun;
    private readonly string _id;
    private readonly EnrollmentOptions _options;
    private readonly Argument<string> _name;

    private readonly Option<string?> _where = new("--where") { Description = "A condition, for instance \"provisioningStatus = 'disabled'\".", HelpName = "CONDITION" };

    private readonly Option<string> _slot = new("--slot") { Description = "primary or secondary.", HelpName = "SLOT", Required = true };

    private EnrollmentCommand(RestNoun noun, string example)
    {
        _noun = noun;
        _id = example;
        _options = new EnrollmentOptions(noun);
        _name = new Argument<string>("id") { Description = noun == RestNoun.Group ? "The id of the group." : "The registration id." };
        _slot.AcceptOnlyFromAmong("primary", "secondary");
    }

    public static Command OfDevices() => new EnrollmentCommand(RestNoun.Enrollment, "lamp-1").Create("Individual enrollments: one device each.");

    public static Command OfGroups() => new EnrollmentCommand(RestNoun.Group, "lamps").Create(
        "Enrollment groups: all devices below a signing certificate, or with keys derived from one.");

    private Command Create(string description)
    {
        var word = _noun.Word;
        var (file, next) = _noun.HoldsSigners ? ("factory-ca.pem", "factory-ca.new.pem") : ($"{_id}.pem", $"{_id}.new.pem");
        var create = new Verb("create", "Makes one; one that is there stays as it is.", $"perennial {word} create {_id} --certificate {file}") { _name };
        var update = new Verb("update", "Changes what is named, and stages a certificate in a slot.", $"perennial {word} update {_id} --secondary-certificate {next}") { _name };
        _options.AddTo(create);
        _options.AddTo(update);
        var list = new Verb("list", "Lists them.", $"perennial {word} list") { _where, ListOptions.Most };
        var show = new Verb("show", "Shows one.", $"perennial {word} show {_id} -o json") { _name };
        var proof = new Verb("proof", "Shows which devices have used the certificate of a slot.", $"perennial {word} proof {_id} --slot secondary") { _name, _slot };
        var disable = new Verb("disable", "Refuses its devices from now on; what it holds stays.", $"perennial {word} disable {_id}") { _name };
        var enable = new Verb("enable", "Takes its devices again.", $"perennial {word} enable {_id}") { _name };
        var retire = new Verb("retire", "Empties a slot once every device has used the other one's certificate.", $"perennial {word} retire {_id} --slot primary") { _name, _slot };
        var delete = new Verb("delete", "Deletes it; its devices are refused from now on.", $"perennial {word} delete {_id}") { _name };
        foreach (var change in (Command[])[update, disable, enable, retire, delete])
        {
            change.Add(PlanOption.Plan);
        }

        create.SetServiceAction(CreateAsync);
        update.SetServiceAction((line, connection, stop) => ChangeAsync(line, connection, document => _options.Apply(line, document), stop));
        list.SetServiceAction(ListAsync);
        show.SetServiceAction(ShowAsync);
        proof.SetServiceAction(ProofAsync);
        disable.SetServiceAction((line, connection, stop) => ChangeAsync(line, connection, document => document["provisioningStatus"] = "disabled", stop));
        enable.SetServiceAction((line, connection, stop) => ChangeAsync(line, connection, document => document["provisioningStatus"] = "enabled", stop));
        retire.SetServiceAction(RetireAsync);
        delete.SetServiceAction((line, connection, stop) => PlanOption.RunAsync(line, connection.Provisioning, _noun.Delete(line.GetRequiredValue(_name)), stop));
        return new Command(word, description) { create, list, show, update, proof, disable, enable, retire, delete }.WithServiceOptions();
    }

    private async Task CreateAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var id = line.GetRequiredValue(_name);
        if (await connection.Provisioning.FindAsync(_noun.Get(id), cancellationToken) is not null)
        {
            throw new OperatorException($"{_noun.Named(id)} is there already. Change it with: perennial {_noun.Word} update {id}");
        }

        var document = new JsonObject { [_noun.IdMember] = id };
        _options.Apply(line, document);
        if (document["attestation"] is null)
        {
            throw new OperatorException(
                $"say how {_noun.Named(id)} attests: --certificate FILE, {(_noun.HoldsSigners ? "--ca-name NAME" : "--endorsement-key BASE64")} or --symmetric-key.");
        }

        var answer = await connection.Provisioning.DemandAsync(_noun.Put(id, document), cancellationToken);
        await Answers.WriteAsync(line, answer.Document);
    }

    private async Task<int> ChangeAsync(ParseResult line, ServiceConnection connection, Action<JsonObject> change, CancellationToken cancellationToken)
    {
        var id = line.GetRequiredValue(_name);
        var stored = (await connection.Provisioning.DemandAsync(_noun.Get(id), cancellationToken)).Document;
        change(stored);
        return await PlanOption.RunAsync(line, connection.Provisioning, _noun.Put(id, stored, (string?)stored["etag"]), cancellationToken);
    }

    private async Task ListAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var query = $"SELECT * FROM {_noun.Path}{(line.GetValue(_where) is { } condition ? $" WHERE {condition}" : string.Empty)}";
        Column[] columns =
        [
            Column.At("id", _noun.IdMember), Column.At("attestation", "attestation.type"), Column.At("status", "provisioningStatus"),
            new("primary", document => SlotOf(document, "primary")), new("secondary", document => SlotOf(document, "secondary")),
            .. _noun.HoldsSigners ? (Column[])[Column.TimeAt("changed", "lastUpdatedDateTimeUtc")] : [Column.At("hub", "registrationState.assignedHub"), Column.TimeAt("registered", "registrationState.lastUpdatedDateTimeUtc")],
        ];
        await Answers.WriteAsync(line, connection.Provisioning.ListAsync(_noun.Query(query), cancellationToken), line.GetValue(ListOptions.Most), columns);
    }

    private async Task ShowAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var id = line.GetRequiredValue(_name);
        var document = (await connection.Provisioning.DemandAsync(_noun.Get(id), cancellationToken)).Document;
        if (line.GetValue(ServiceOptions.ShowSecrets) && (string?)Column.NodeAt(document, "attestation.type") == "symmetricKey")
        {
            document["attestation"] = (await connection.Provisioning.DemandAsync(_noun.Post(id, "/attestationmechanism"), cancellationToken)).Document.DeepClone();
        }

        await Answers.WriteAsync(line, document);
    }

    private async Task ProofAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var asked = _noun.Of(HttpMethod.Get, line.GetRequiredValue(_name), $"/proof?slot={line.GetRequiredValue(_slot)}");
        await Answers.WriteAsync(line, (await connection.Provisioning.DemandAsync(asked, cancellationToken)).Document);
    }

    private async Task<int> RetireAsync(ParseResult line, ServiceConnection connection, CancellationToken cancellationToken)
    {
        var asked = _noun.Post(line.GetRequiredValue(_name), $"/retire?slot={line.GetRequiredValue(_slot)}");
        return await PlanOption.RunAsync(line, connection.Provisioning, asked, cancellationToken);
    }

    private static string? SlotOf(JsonObject document, string slot)
    {
        var x509 = Column.NodeAt(document, "attestation.x509");
        if (Column.TextAt(x509, $"caReferences.{slot}") is { } name)
        {
            return name;
        }

        var told = Column.NodeAt(x509, $"clientCertificates.{slot}.info") ?? Column.NodeAt(x509, $"signingCertificates.{slot}.info");
        return Column.TextAt(told, "sha256Thumbprint") is { Length: > 16 } thumbprint
            ? $"{thumbprint[..16]}… until {Column.TimeOf(Column.TextAt(told, "notAfterUtc"))?[..10]}"
            : null;
    }
}
