using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace Perennial.Server.Instances;

/// <summary>What an instance becomes when a start asks for something: options win over what is stored, what is stored over defaults.</summary>
internal static class InstanceSettings
{
    public static InstanceDocument Apply(ServeOptions options, InstanceDocument? stored)
    {
        var host = options.Host ?? stored?.Host ?? DefaultHost();
        return new InstanceDocument
        {
            IdScope = stored?.IdScope ?? FreshIdScope(),
            Host = host,
            Bind = options.Bind?.ToString() ?? stored?.Bind,
            Ports = Ports(options, stored?.Ports ?? new PortsDocument()),
            Hubs = Hubs(options, stored, host),
            Database = options.Database?.Text ?? stored?.Database ?? "perennial.db",
            FirstReply = stored?.FirstReply ?? FirstReply.Immediate,
            ClockSkew = stored?.ClockSkew ?? TimeSpan.FromMinutes(5),
            Limits = stored?.Limits,
            OutgoingTrust = FullPath(options.OutgoingTrust) ?? stored?.OutgoingTrust,
            WebhookNetworks = options.WebhookNetworks.Count > 0 ? options.WebhookNetworks : stored?.WebhookNetworks ?? [],
            Portal = options.Portal.Apply(stored?.Portal),
            TlsCertificate = FullPath(options.TlsCertificate) ?? stored?.TlsCertificate,
            TlsKey = FullPath(options.TlsKey) ?? stored?.TlsKey,
            IssuerPassphraseFile = FullPath(options.IssuerPassphraseFile) ?? stored?.IssuerPassphraseFile,
            RevocationUrl = options.RevocationUrl ?? stored?.RevocationUrl,
        };
    }

    private static PortsDocument Ports(ServeOptions options, PortsDocument stored) => new()
    {
        Mqtt = Free(options.MqttPort ?? stored.Mqtt, options.Bind),
        Amqp = Free(options.AmqpPort ?? stored.Amqp, options.Bind),
        Https = Free(options.HttpsPort ?? stored.Https, options.Bind),
        Portal = Free(options.PortalPort ?? stored.Portal, options.Bind),
    };

    private static int Free(int port, IPAddress? bind) => port != 0 ? port : FreePort.Find(bind ?? IPAddress.Loopback);

    // A hub that is named again keeps its weight and behaviour; a host name that was the provisioning host's follows it.
    private static IReadOnlyList<HubDocument> Hubs(ServeOptions options, InstanceDocument? stored, string host)
    {
        var asked = options.Hubs.Count > 0
            ? options.Hubs.Select(hub => Hub(stored, hub.Key, hub.Value))
            : stored?.Hubs.Select(hub => Follows(stored, hub) ? hub with { HostName = host } : hub)
                ?? [new HubDocument { Name = "hub", HostName = host }];
        return [.. asked.Select(hub => options.AzureMode is { } azure ? hub with { FollowEnrollment = !azure } : hub)];
    }

    private static HubDocument Hub(InstanceDocument? stored, string name, string hostName) =>
        (stored?.Hubs.FirstOrDefault(hub => string.Equals(hub.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? new HubDocument { Name = name, HostName = hostName }) with
        { HostName = hostName };

    private static bool Follows(InstanceDocument stored, HubDocument hub) =>
        string.Equals(stored.Host, hub.HostName, StringComparison.OrdinalIgnoreCase);

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);

    private static string DefaultHost()
    {
#pragma warning disable CA1308 // Host names are written in lower case.
        var name = Dns.GetHostName().ToLowerInvariant();
#pragma warning restore CA1308
        return name.Length > 0 ? name : "localhost";
    }

    // The form of the real service: 0ne and eight hex digits (dps-protocol §0).
    private static string FreshIdScope() =>
        string.Create(CultureInfo.InvariantCulture, $"0ne{Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}");
}
