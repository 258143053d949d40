using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perennial.Server.Instances;
using Perennial.Server.Remote;

namespace Perennial.Server.Commands;

/// <summary>What <c>create</c> and <c>update</c> of an enrollment may set; what is not named stays as it is.</summary>
internal sealed class EnrollmentOptions(RestNoun noun)
{
    private readonly AttestationOptions _attestation = new(noun);

    private readonly Option<string?> _status = Words("--provisioning-status", "enabled or disabled.", "STATUS", "enabled", "disabled");

    private readonly Option<string?> _allocation = Words("--allocation-policy", "How a hub is chosen.", "POLICY", "hashed", "geoLatency", "static", "custom");

    private readonly Option<string?> _reprovision = Words(
        "--reprovision-policy", "What happens to the data of a device that comes again to another hub.", "POLICY", "migrate", "reset", "never");

    private readonly Option<string?> _deviceId = new("--device-id") { Description = "The id in the hub. Default the registration id.", HelpName = "ID" };

    private readonly Option<string[]> _hubs = new("--iot-hub", "--ih") { Description = "The host name of a hub to choose from; may be given again. Default all.", HelpName = "HOST" };

    private readonly Option<string?> _twin = new("--initial-twin")
    {
        Description = """A JSON file with what a new device's twin begins with: {"tags":{},"properties":{"desired":{}}}.""",
        HelpName = "FILE",
    };

    private readonly Option<bool?> _edge = new("--edge-enabled") { Description = "Whether devices are IoT Edge devices." };

    private readonly Option<string?> _profile = new("--profile") { Description = "The certificate profile by which devices obtain certificates; '' for none.", HelpName = "NAME" };

    private readonly Option<string?> _offer = Words(
        "--roll-offer", "How devices are told to roll; usual for the desired properties.", "WORD", "desiredProperty", "method", "registration", "none", "usual");

    private readonly Option<string?> _webhook = new("--webhook-url") { Description = "The webhook of the allocation policy custom.", HelpName = "URL" };

    public void AddTo(Command command)
    {
        _attestation.AddTo(command);
        if (noun == RestNoun.Enrollment)
        {
            command.Add(_deviceId);
        }

        foreach (var option in new Option[] { _status, _allocation, _hubs, _reprovision, _twin, _edge, _profile, _offer, _webhook })
        {
            command.Add(option);
        }
    }

    /// <summary>Changes a document to what the line says.</summary>
    public void Apply(ParseResult line, JsonObject document)
    {
        _attestation.Apply(line, document);
        Set("provisioningStatus", line.GetValue(_status));
        Set("allocationPolicy", line.GetValue(_allocation));
        Set("credentialPolicyName", line.GetValue(_profile));
        Set("rollOffer", line.GetValue(_offer) is "usual" ? string.Empty : line.GetValue(_offer));
        if (noun == RestNoun.Enrollment)
        {
            Set("deviceId", line.GetValue(_deviceId));
        }

        if (line.GetValue(_hubs) is { Length: > 0 } hubs)
        {
            document["iotHubs"] = new JsonArray([.. hubs.Select(hub => (JsonNode)hub)]);
        }

        if (line.GetValue(_reprovision) is { } policy)
        {
            document["reprovisionPolicy"] = new JsonObject { ["updateHubAssignment"] = policy != "never", ["migrateDeviceData"] = policy == "migrate" };
        }

        if (line.GetValue(_edge) is { } isEdge)
        {
            document["capabilities"] = new JsonObject { ["iotEdge"] = isEdge };
        }

        if (line.GetValue(_webhook) is { } url)
        {
            document["customAllocationDefinition"] = new JsonObject { ["webhookUrl"] = url, ["apiVersion"] = "2021-10-01" };
        }

        if (line.GetValue(_twin) is { } file)
        {
            document["initialTwin"] = ReadTwin(file);
        }

        void Set(string member, string? value)
        {
            if (value is not null)
            {
                document[member] = value;
            }
        }
    }

    private static JsonObject ReadTwin(string file)
    {
        try
        {
            return JsonNode.Parse(OperatorFile.ReadBytes(file)) as JsonObject ?? throw new OperatorException($"{file} is to hold one JSON object.");
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"{file} is not JSON: {exception.Message}", exception);
        }
    }

    private static Option<string?> Words(string name, string description, string helpName, params string[] words)
    {
        var option = new Option<string?>(name) { Description = $"{description} One of {string.Join(", ", words)}.", HelpName = helpName };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
