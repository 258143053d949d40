using System.Net;
using Perennial.Protocol.Sas;

namespace Perennial.Server.Instances;

/// <summary>What the operator asked of this start; null means what the data folder says, or the default on the first start.</summary>
internal sealed record ServeOptions
{
    public required string DataFolder { get; init; }

    /// <summary>The host name that devices are given; default the machine's name.</summary>
    public string? Host { get; init; }

    public IPAddress? Bind { get; init; }

    /// <summary>0 picks a free port once and keeps it.</summary>
    public int? MqttPort { get; init; }

    public int? AmqpPort { get; init; }

    public int? HttpsPort { get; init; }

    public int? PortalPort { get; init; }

    public PortalOptions Portal { get; init; } = new();

    /// <summary>Default <c>perennial.db</c> in the data folder.</summary>
    public DatabaseAddress? Database { get; init; }

    /// <summary>Name and host name of each linked hub; empty means what is stored, or one named <c>hub</c> on the host.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Hubs { get; init; } = [];

    /// <summary>Hubs outside this process, linked beside those that are linked already.</summary>
    public IReadOnlyList<ConnectionString> LinkedHubs { get; init; } = [];

    /// <summary>PEM file of roots that linked hubs and webhooks may chain to, beside the operating system's.</summary>
    public string? OutgoingTrust { get; init; }

    /// <summary>Networks inside which webhooks may stand; empty means what is stored, or none.</summary>
    public IReadOnlyList<string> WebhookNetworks { get; init; } = [];

    /// <summary>True: the hubs know only the leaf of the last registration, as Azure's do.</summary>
    public bool? AzureMode { get; init; }

    /// <summary>PEM file of the server's own certificate, leaf first; goes with <see cref="TlsKey"/>.</summary>
    public string? TlsCertificate { get; init; }

    public string? TlsKey { get; init; }

    /// <summary>The file whose first line opens the key files of the issuers.</summary>
    public string? IssuerPassphraseFile { get; init; }

    /// <summary>Where revocation lists and OCSP are reached, for certificates to say.</summary>
    public Uri? RevocationUrl { get; init; }
}
