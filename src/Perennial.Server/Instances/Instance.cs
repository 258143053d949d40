using System.Text.Json;
using Perennial.Protocol.Sas;

namespace Perennial.Server.Instances;

/// <summary>The data folder of one server: what it is called, its keys, its trust bundle, its database.</summary>
internal sealed class Instance : IDisposable
{
    private readonly InstanceLock? _lock;

    private Instance(string folder, InstanceDocument document, ServicePolicies policies, InstanceLock? taken)
    {
        Folder = folder;
        Document = document;
        Policies = policies;
        _lock = taken;
    }

    public string Folder { get; }

    public InstanceDocument Document { get; }

    public ServicePolicies Policies { get; }

    public LinkedHubsFile LinkedHubs => new(Folder);

    public PolicyFile PolicyFile(TimeProvider time) => new(PoliciesIn(Folder), time);

    public string KeysFolder => KeysIn(Folder);

    /// <summary>The PEM file that clients trust.</summary>
    public string TrustBundle => Path.Combine(Folder, "trust-bundle.pem");

    /// <summary>Where the records are, with the password that is kept for it.</summary>
    public DatabaseAddress Database
    {
        get
        {
            var file = DatabasePasswordIn(Folder);
            return DatabaseAddress.Stored(Folder, Document.Database, File.Exists(file) ? File.ReadAllText(file) : null);
        }
    }

    /// <summary>The host names that clients use, without repeats.</summary>
    public IReadOnlyList<string> HostNames =>
        [.. Document.Hubs.Select(hub => hub.HostName).Prepend(Document.Host).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Opens the folder for serving, and makes it on the first start. A start that was cut short is taken up where it stopped.</summary>
    public static Instance Open(ServeOptions options, TimeProvider time)
    {
        var folder = Path.GetFullPath(options.DataFolder);
        MakeFolders(folder);
        var taken = InstanceLock.Take(folder);
        try
        {
            var stored = ReadDocument(folder);
            var document = InstanceSettings.Apply(options, stored);
            var policies = ServicePolicies.Complete(PoliciesIn(folder), document.Hubs.Select(hub => hub.Name));
            if (stored is null && document.TlsCertificate is null)
            {
                new SelfMadeIssuer(KeysIn(folder), time).EnsureRoot(document.IdScope);
            }

            KeepPassword(folder, options.Database);
            new LinkedHubsFile(folder).Add(options.LinkedHubs);
            Write(folder, document, stored);
            return new Instance(folder, document, policies, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Reads a folder that a first start has made, whether a server runs on it or not.</summary>
    public static Instance Read(string dataFolder)
    {
        var folder = Path.GetFullPath(dataFolder);
        var document = ReadDocument(folder) ?? throw new OperatorException(
            $"{folder} holds no instance. Make one with: perennial serve --data {dataFolder}");
        return new Instance(folder, document, ServicePolicies.Read(PoliciesIn(folder)), taken: null);
    }

    public InstanceSummary Summarise() => new()
    {
        IdScope = Document.IdScope,
        ProvisioningHost = Document.Host,
        ProvisioningConnectionString = ConnectionStringOf(Document.Host, Policies.OwnerOf(PolicyScope.Provisioning)),
        Hubs = [.. Document.Hubs.Select(Summarise)],
        TrustBundle = TrustBundle,
        Database = Database.Text,
        Ports = Document.Ports,
    };

    public void Dispose() => _lock?.Dispose();

    private HubSummary Summarise(HubDocument hub)
    {
        // The policy that may do least of those that may read telemetry.
        var reader = Policies.OfHub(hub.Name).Where(policy => policy.Rights.HasFlag(ServiceRights.ServiceConnect)).MinBy(policy => policy.Rights);
        return new HubSummary(
            hub.Name,
            hub.HostName,
            ConnectionStringOf(hub.HostName, Policies.OwnerOf(new PolicyScope(hub.Name))),
            reader is null
                ? null
                : $"Endpoint=sb://{hub.HostName}/;SharedAccessKeyName={reader.Name};SharedAccessKey={reader.PrimaryKey};EntityPath={hub.Name}");
    }

    private static void MakeFolders(string folder)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        try
        {
            Directory.CreateDirectory(folder);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(KeysIn(folder));
            }
            else
            {
                Directory.CreateDirectory(KeysIn(folder), OwnerOnly);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"the data folder {folder} cannot be made: {exception.Message} Choose another with --data.", exception);
        }
    }

    private static InstanceDocument? ReadDocument(string folder)
    {
        var path = DocumentIn(folder);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), InstanceJson.Default.InstanceDocument);
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"{path} cannot be read: {exception.Message} Mend it, or restore it from a backup.", exception);
        }
    }

    private static void Write(string folder, InstanceDocument document, InstanceDocument? stored)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(document, InstanceJson.Default.InstanceDocument);
        var before = stored is null ? null : JsonSerializer.SerializeToUtf8Bytes(stored, InstanceJson.Default.InstanceDocument);
        if (!json.AsSpan().SequenceEqual(before))
        {
            AtomicFile.Write(DocumentIn(folder), json);
        }
    }

    // The password of a database that is not named again stays; another database does not get it.
    private static void KeepPassword(string folder, DatabaseAddress? database)
    {
        var file = DatabasePasswordIn(folder);
        if (database?.Password is { } password)
        {
            AtomicFile.WriteSecret(file, Encoding.UTF8.GetBytes(password));
        }
        else if (database is not null)
        {
            File.Delete(file);
        }
    }

    private static string ConnectionStringOf(string host, ServicePolicy policy) =>
        new ConnectionString { HostName = host, SharedAccessKeyName = policy.Name, SharedAccessKey = policy.PrimaryKey }.Format();

    private static string DocumentIn(string folder) => Path.Combine(folder, "instance.json");

    private static string PoliciesIn(string folder) => Path.Combine(folder, "service-policies.json");

    private static string DatabasePasswordIn(string folder) => Path.Combine(KeysIn(folder), "database.password");

    private static string KeysIn(string folder) => Path.Combine(folder, "keys");
}
