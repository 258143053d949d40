using System.CommandLine;
using System.Text.Json.Nodes;
using Perennial.Protocol.Sas;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial policy</c>: the shared access policies in the data folder. A running server takes a change up within a second.</summary>
internal static class PolicyCommand
{
    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ServeCommand.DefaultDataFolder,
        Recursive = true,
    };

    private static readonly Option<string?> Hub = new("--hub")
    {
        Description = "The policies of this hub instead of those of the provisioning service.",
        HelpName = "NAME",
        Recursive = true,
    };

    private static readonly Option<bool> ShowKeys = new("--show-keys") { Description = "Shows keys and connection strings.", Recursive = true };

    private static readonly Argument<string> Name = new("name") { Description = "The policy." };

    private static readonly Option<string> Rights = new("--rights")
    {
        Description = "With commas between. Hub: RegistryRead, RegistryWrite, ServiceConnect, DeviceConnect. "
            + "Provisioning: ServiceConfig, EnrollmentRead, EnrollmentWrite, RegistrationStatusRead, RegistrationStatusWrite.",
        HelpName = "RIGHTS",
        Required = true,
    };

    private static readonly Option<string> Slot = new("--slot")
    {
        Description = "primary or secondary gets a new key; swap exchanges the two.",
        HelpName = "SLOT",
        Required = true,
    };

    public static Command Create()
    {
        Slot.AcceptOnlyFromAmong("primary", "secondary", "swap");
        var list = new Verb("list", "Lists the policies.", "perennial policy list") { ServiceOptions.Format };
        var show = new Verb("show", "Shows one policy.", "perennial policy show provisioningserviceowner --show-keys") { Name, ServiceOptions.Format };
        var create = new Verb("create", "Makes a policy with new keys, or changes what an existing one allows.", "perennial policy create reader --rights EnrollmentRead,RegistrationStatusRead") { Name, Rights };
        var roll = new Verb("roll-key", "Rolls one key of a policy; the removed key is refused at once.", "perennial policy roll-key reader --slot primary") { Name, Slot };
        var delete = new Verb("delete", "Deletes a policy.", "perennial policy delete reader") { Name };
        list.SetAction((line, _) => ShowAsync(line, _ => true));
        show.SetAction((line, _) => ShowAsync(line, policy => string.Equals(policy.Name, line.GetRequiredValue(Name), StringComparison.OrdinalIgnoreCase)));
        create.SetAction((line, cancellationToken) => ChangeAsync(
            line, change => change.SaveAsync(ScopeOf(line), line.GetRequiredValue(Name), RightsOf(line), cancellationToken)));
        roll.SetAction((line, cancellationToken) => ChangeAsync(line, change => RollAsync(line, change, cancellationToken)));
        delete.SetAction((line, cancellationToken) => ChangeAsync(
            line, change => change.DeleteAsync(ScopeOf(line), line.GetRequiredValue(Name), cancellationToken)));
        return new Command("policy", "Lists, makes and deletes shared access policies, and rolls their keys, while the server runs or not.")
        {
            DataFolder, Hub, ShowKeys, list, show, create, roll, delete,
        };
    }

    private static async Task<int> ShowAsync(ParseResult line, Func<ServicePolicy, bool> isMeant)
    {
        using var instance = Instance.Read(line.GetRequiredValue(DataFolder));
        var policies = (instance.Policies.Of(ScopeOf(line)) ?? throw Unknown(line)).Where(isMeant).ToList();
        if (policies.Count == 0)
        {
            throw Unknown(line);
        }

        if (Answers.AreJson(line))
        {
            await Answers.WriteJsonAsync(line, policies.Select(policy => JsonOf(line, instance, policy)));
            return 0;
        }

        foreach (var policy in policies)
        {
            await WriteAsync(line, instance, policy);
        }

        return 0;
    }

    private static async Task<int> ChangeAsync(ParseResult line, Func<ChangePolicies, Task<PolicyChange>> change)
    {
        using var instance = Instance.Read(line.GetRequiredValue(DataFolder));
        switch (await change(new ChangePolicies(instance.PolicyFile(TimeProvider.System))))
        {
            case PolicyChange.Saved saved:
                await WriteAsync(line, instance, saved.Policy);
                return 0;
            case PolicyChange.Deleted:
                return 0;
            case PolicyChange.Invalid invalid:
                throw new OperatorException(invalid.Sentence);
            default:
                throw Unknown(line);
        }
    }

    private static Task<PolicyChange> RollAsync(ParseResult line, ChangePolicies change, CancellationToken cancellationToken)
    {
        var (scope, name, slot) = (ScopeOf(line), line.GetRequiredValue(Name), line.GetRequiredValue(Slot));
        return slot == "swap"
            ? change.SwapKeysAsync(scope, name, cancellationToken)
            : change.RollKeyAsync(scope, name, slot == "primary", cancellationToken);
    }

    private static async Task WriteAsync(ParseResult line, Instance instance, ServicePolicy policy)
    {
        await Console.Out.WriteLineAsync($"{policy.Name,-28} {string.Join(", ", RightNames.Of(policy.Rights))}");
        if (line.GetValue(ShowKeys))
        {
            await Console.Out.WriteLineAsync($"  primary    {ConnectionStringOf(line, instance, policy, policy.PrimaryKey)}");
            await Console.Out.WriteLineAsync($"  secondary  {ConnectionStringOf(line, instance, policy, policy.SecondaryKey)}");
        }
    }

    private static JsonObject JsonOf(ParseResult line, Instance instance, ServicePolicy policy)
    {
        var document = new JsonObject { ["name"] = policy.Name, ["rights"] = new JsonArray([.. RightNames.Of(policy.Rights).Select(right => (JsonNode)right)]) };
        if (line.GetValue(ShowKeys))
        {
            document["primaryConnectionString"] = ConnectionStringOf(line, instance, policy, policy.PrimaryKey);
            document["secondaryConnectionString"] = ConnectionStringOf(line, instance, policy, policy.SecondaryKey);
        }

        return document;
    }

    private static string ConnectionStringOf(ParseResult line, Instance instance, ServicePolicy policy, string key) => new ConnectionString
    {
        HostName = instance.Document.Hubs.FirstOrDefault(hub => hub.Name == line.GetValue(Hub))?.HostName ?? instance.Document.Host,
        SharedAccessKeyName = policy.Name,
        SharedAccessKey = key,
    }.Format();

    private static PolicyScope ScopeOf(ParseResult line) => new(line.GetValue(Hub));

    private static ServiceRights RightsOf(ParseResult line) => RightNames.TryParse(line.GetRequiredValue(Rights), out var rights)
        ? rights
        : throw new OperatorException($"'{line.GetRequiredValue(Rights)}' names no rights; see: perennial policy create --help");

    private static OperatorException Unknown(ParseResult line) =>
        new($"there is no such policy of {ScopeOf(line)}. See them with: perennial policy list --data {line.GetRequiredValue(DataFolder)}");
}
