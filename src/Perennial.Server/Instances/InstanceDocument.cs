using Perennial.Server.Limits;

namespace Perennial.Server.Instances;

/// <summary>The file <c>instance.json</c>: what an instance is. Its presence says that the first start came to its end.</summary>
internal sealed record InstanceDocument
{
    public required string IdScope { get; init; }

    public required string Host { get; init; }

    /// <summary>The address to listen on; null means every address.</summary>
    public string? Bind { get; init; }

    public required PortsDocument Ports { get; init; }

    public required IReadOnlyList<HubDocument> Hubs { get; init; }

    /// <summary>The SQLite file, relative to the data folder, or the words for a PostgreSQL database without its password.</summary>
    public string Database { get; init; } = "perennial.db";

    /// <summary>How MQTT answers a registration that is already done.</summary>
    public FirstReply FirstReply { get; init; }

    /// <summary>How far a device's clock may be off its certificate's validity.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often what may be asked; null is no limit.</summary>
    public LimitsDocument? Limits { get; init; }

    /// <summary>PEM file of roots that are trusted beside the operating system's where this server is the client.</summary>
    public string? OutgoingTrust { get; init; }

    /// <summary>Networks inside which webhooks may stand, for instance <c>10.1.0.0/16</c>.</summary>
    public IReadOnlyList<string> WebhookNetworks { get; init; } = [];

    public PortalDocument Portal { get; init; } = new();

    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>The file whose first line opens the key files of the issuers; null for one in the keys folder.</summary>
    public string? IssuerPassphraseFile { get; init; }

    /// <summary>Where devices and servers reach revocation lists and OCSP, for certificates to say; null keeps it out of them.</summary>
    public Uri? RevocationUrl { get; init; }
}
