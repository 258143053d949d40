using System.Globalization;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary>What the operator reads once the server is up: names, addresses, the root to compare. No secrets.</summary>
internal static class StartReport
{
    public static string Of(Instance instance, RunningServer server, TimeSpan took)
    {
        var document = instance.Document;
        var ports = document.Ports;
        var text = new StringBuilder();
        Add("id scope", document.IdScope);
        Add("provisioning", $"{document.Host}, MQTT {ports.Mqtt}, AMQP {ports.Amqp}, HTTPS {ports.Https}");
        foreach (var hub in document.Hubs)
        {
            Add($"hub {hub.Name}", $"{hub.HostName}, MQTT {ports.Mqtt}, AMQP {ports.Amqp}, HTTPS {ports.Https}{(hub.FollowEnrollment ? string.Empty : ", azure mode")}");
        }

        Add("portal", PortalAddress.Of(document).ToString());
        if (server.FirstInvitation is { } invitation)
        {
            Add("first user", invitation.ToString());
        }

        Add("trust bundle", instance.TrustBundle);
        Add("root SHA-256", server.AnchorThumbprint.ToString());
        return text.Append(CultureInfo.InvariantCulture, $"Ready in {took.TotalSeconds:0.00} s").ToString();

        void Add(string name, string value) => text.Append("  ").Append(name.PadRight(14)).Append(' ').AppendLine(value);
    }
}
