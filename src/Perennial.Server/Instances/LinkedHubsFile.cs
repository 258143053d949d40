using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Perennial.Protocol.Sas;

namespace Perennial.Server.Instances;

/// <summary>The links of an instance, kept in its data folder.</summary>
internal sealed class LinkedHubsFile(string folder)
{
    private const string Name = "linked-hubs.json";

    private readonly string _path = Path.Combine(folder, Name);

    private static JsonTypeInfo<LinkedHubsDocument> Json => InstanceJson.Default.LinkedHubsDocument;

    /// <summary>Reads the file; nothing is linked by it when there is none.</summary>
    public LinkedHubsDocument Read()
    {
        if (!File.Exists(_path))
        {
            return new LinkedHubsDocument();
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_path), Json)!;
        }
        catch (JsonException exception)
        {
            throw new OperatorException($"{_path} cannot be read: {exception.Message} Mend it, or restore it from a backup.", exception);
        }
    }

    public void Write(LinkedHubsDocument document) => AtomicFile.WriteSecret(_path, JsonSerializer.SerializeToUtf8Bytes(document, Json));

    /// <summary>Adds the hubs that a start names by their connection strings; one that is linked gets the new key and keeps its terms.</summary>
    public void Add(IReadOnlyList<ConnectionString> started)
    {
        if (started.Count == 0)
        {
            return;
        }

        var document = Read();
        foreach (var hub in started)
        {
            var hostName = hub.Host;
            var stored = document.Hubs.FirstOrDefault(link => string.Equals(link.HostName, hostName, StringComparison.OrdinalIgnoreCase));
            document = With(document, (stored ?? new LinkedHubDocument { HostName = hostName }) with { ConnectionString = hub.Format() });
        }

        Write(document);
    }

    /// <summary>The document with this link, instead of the one with the same host name if there is one.</summary>
    public static LinkedHubsDocument With(LinkedHubsDocument document, LinkedHubDocument link) =>
        document with { Hubs = [.. Without(document, link.HostName).Hubs, link] };

    public static LinkedHubsDocument Without(LinkedHubsDocument document, string hostName) => document with
    {
        Hubs = [.. document.Hubs.Where(link => !string.Equals(link.HostName, hostName, StringComparison.OrdinalIgnoreCase))],
    };

    /// <summary>Reads the connection string of a hub, or says in one sentence what is wrong with it.</summary>
    public static bool TryRead(string? text, [NotNullWhen(true)] out ConnectionString? hub, [NotNullWhen(false)] out string? fault)
    {
        fault = null;
        if (!ConnectionString.TryParse(text, out hub)
            || string.IsNullOrEmpty(hub.SharedAccessKeyName)
            || !hub.HasKey
            || !Uri.TryCreate($"https://{hub.HostName}/", UriKind.Absolute, out var uri)
            || uri.AbsolutePath != "/" || uri.Query.Length + uri.Fragment.Length + uri.UserInfo.Length > 0)
        {
            hub = null;
            fault = "A linked hub is given by its connection string: HostName=…;SharedAccessKeyName=…;SharedAccessKey=…";
        }

        return hub is not null;
    }
}
