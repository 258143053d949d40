using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial info</c>: what clients and services need to connect, secrets included, whether the server runs or not.</summary>
internal static class InfoCommand
{
    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => ServeCommand.DefaultDataFolder,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "As JSON, for scripts." };

    public static Command Create()
    {
        var command = new Verb("info", "Shows how to connect: names, connection strings with their keys, trust bundle, ports.", "perennial info --json") { DataFolder, Json };
        command.SetAction((line, _) => RunAsync(line.GetRequiredValue(DataFolder), line.GetValue(Json)));
        return command;
    }

    private static async Task<int> RunAsync(string dataFolder, bool asJson)
    {
        using var instance = Instance.Read(dataFolder);
        var summary = instance.Summarise();
        await Console.Out.WriteLineAsync(asJson ? JsonOf(summary) : TextOf(summary));
        return 0;
    }

    // Keys in base64 hold '+', which stays readable.
    private static string JsonOf(InstanceSummary summary)
    {
        var options = new JsonSerializerOptions(InstanceJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return JsonSerializer.Serialize(summary, new InstanceJson(options).InstanceSummary);
    }

    private static string TextOf(InstanceSummary summary)
    {
        var text = new StringBuilder();
        Add("id scope", summary.IdScope);
        Add("provisioning", summary.ProvisioningHost);
        Add(string.Empty, summary.ProvisioningConnectionString);
        foreach (var hub in summary.Hubs)
        {
            Add($"hub {hub.Name}", hub.HostName);
            Add(string.Empty, hub.ConnectionString);
        }

        Add("trust bundle", summary.TrustBundle);
        Add("database", summary.Database);
        Add("ports", string.Create(CultureInfo.InvariantCulture, $"MQTT {summary.Ports.Mqtt}, AMQP {summary.Ports.Amqp}, HTTPS {summary.Ports.Https}, portal {summary.Ports.Portal}"));
        return text.ToString().TrimEnd();

        void Add(string name, string value) => text.Append(name.PadRight(14)).Append(' ').AppendLine(value);
    }
}
