using System.CommandLine;
using System.Net;
using Perennial.Protocol.Sas;
using Perennial.Server.Hosting;
using Perennial.Server.Instances;

namespace Perennial.Server.Commands;

/// <summary><c>perennial serve</c>: makes the data folder on the first start, serves until it is told to stop.</summary>
internal static class ServeCommand
{
    public const string DefaultDataFolder = "perennial-data";

    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "The data folder; made on the first start.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultDataFolder,
    };

    private static readonly Option<string?> Host =
        OptionParsing.HostName("--host", "The host name that devices connect to. First start: this machine's name.");

    private static readonly Option<int?> MqttPort = OptionParsing.Port("--mqtt-port", "MQTT over TLS, provisioning and hubs. First start: 8883.");

    private static readonly Option<int?> AmqpPort = OptionParsing.Port("--amqp-port", "AMQP over TLS, provisioning and hubs. First start: 5671.");

    private static readonly Option<int?> HttpsPort = OptionParsing.Port("--https-port", "HTTPS, provisioning, hubs and services. First start: 443.");

    private static readonly Option<int?> PortalPort = OptionParsing.Port("--portal-port", "The portal, plain HTTP. First start: 8080.");

    private static readonly Option<IPAddress?> Bind = OptionParsing.Address("--bind", "The address to listen on. First start: every address.");

    private static readonly Option<string?> Database = new("--database")
    {
        Description = "A SQLite file, or a PostgreSQL database as Host=…;Database=…;Username=…. First start: perennial.db in the data folder.",
        HelpName = "CONNECTION",
    };

    private static readonly Option<KeyValuePair<string, string>[]> Hubs =
        OptionParsing.Hubs("--hub", "A linked hub; may be given again. First start: one named 'hub' on the host.");

    private static readonly Option<ConnectionString[]> LinkedHubs = OptionParsing.ConnectionStrings(
        "--linked-hub", "A hub outside this process, by its connection string; may be given again. It stays linked.");

    private static readonly Option<string?> OutgoingTrust = new("--outgoing-trust")
    {
        Description = "Roots as PEM that linked hubs and webhooks may chain to, beside the operating system's.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> WebhookNetworks = OptionParsing.Networks(
        "--webhook-network", "A private network inside which webhooks may stand; may be given again. First start: none.");

    private static readonly Option<bool?> AzureMode = new("--azure-mode")
    {
        Description = "Hubs know only the leaf of the last registration, as Azure's do; '--azure-mode false' ends it.",
    };

    private static readonly Option<string?> TlsCertificate = new("--tls-cert")
    {
        Description = "The server's certificate as PEM, leaf first. First start: made by the instance's own root.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> TlsKey = new("--tls-key") { Description = "Its key as PEM.", HelpName = "FILE" };

    private static readonly Option<string?> IssuerPassphrase = new("--issuer-passphrase-file")
    {
        Description = "A file whose first line opens the key files of the issuers. First start: one made in the keys folder.",
        HelpName = "FILE",
    };

    private static readonly Option<Uri?> RevocationUrl = new("--revocation-url")
    {
        Description = "Stands in issued certificates as the place of revocation lists and OCSP, for instance http://dps.example.net:8080. First start: none.",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            {
                return url;
            }

            result.AddError($"--revocation-url takes an http or https address, not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    public static Command Create()
    {
        var command = new Verb("serve", "Serves provisioning, hubs and the portal.", "perennial serve --data perennial-data --host dps.example.net --hub hub=hub.example.net")
        {
            DataFolder, Host, MqttPort, AmqpPort, HttpsPort, PortalPort, Bind, Database, Hubs, LinkedHubs, OutgoingTrust, WebhookNetworks, AzureMode,
            TlsCertificate, TlsKey, IssuerPassphrase, RevocationUrl,
        };
        PortalServeOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(TlsCertificate) is null) != (result.GetResult(TlsKey) is null))
            {
                result.AddError("--tls-cert and --tls-key go together.");
            }
        });
        command.SetAction((line, cancellationToken) => RunAsync(OptionsOf(line), cancellationToken));
        return command;
    }

    private static ServeOptions OptionsOf(ParseResult line) => new()
    {
        DataFolder = line.GetRequiredValue(DataFolder),
        Host = line.GetValue(Host),
        MqttPort = line.GetValue(MqttPort),
        AmqpPort = line.GetValue(AmqpPort),
        HttpsPort = line.GetValue(HttpsPort),
        PortalPort = line.GetValue(PortalPort),
        Portal = PortalServeOptions.Of(line),
        Bind = line.GetValue(Bind),
        Database = line.GetValue(Database) is { } database ? DatabaseAddress.Parse(database, "--database") : null,
        Hubs = line.GetValue(Hubs) ?? [],
        LinkedHubs = line.GetValue(LinkedHubs) ?? [],
        OutgoingTrust = line.GetValue(OutgoingTrust),
        WebhookNetworks = line.GetValue(WebhookNetworks) ?? [],
        AzureMode = line.GetValue(AzureMode),
        TlsCertificate = line.GetValue(TlsCertificate),
        TlsKey = line.GetValue(TlsKey),
        IssuerPassphraseFile = line.GetValue(IssuerPassphrase),
        RevocationUrl = line.GetValue(RevocationUrl),
    };

    private static async Task<int> RunAsync(ServeOptions options, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        using var instance = Instance.Open(options, time);
        await using var server = await RunningServer.StartAsync(instance, time, cancellationToken);
        await Console.Out.WriteLineAsync(StartReport.Of(instance, server, time.GetElapsedTime(started)));
        await server.WaitForStopAsync();
        return 0;
    }
}
