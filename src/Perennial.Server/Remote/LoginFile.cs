using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Perennial.Protocol.Sas;
using Perennial.Server.Instances;

namespace Perennial.Server.Remote;

/// <summary>The logins of an operator: a file each in the folder <c>perennial</c> of the user's settings, mode 0600.</summary>
internal sealed class LoginFile(string name)
{
    public const string UsualName = "default";

    private string Path => System.IO.Path.Combine(Folder, $"{name}.login.json");

    // XDG_CONFIG_HOME, or ~/.config.
    private static string Folder =>
        System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "perennial");

    public bool Exists => File.Exists(Path);

    /// <summary>Writes it and says where.</summary>
    public string Save(LoginDocument login)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(Folder);
            }
            else
            {
                Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            AtomicFile.WriteSecret(Path, JsonSerializer.SerializeToUtf8Bytes(login, LoginJson.Default.LoginDocument));
            return Path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"the login cannot be kept in {Path}: {exception.Message}", exception);
        }
    }

    /// <returns>Whether there was one.</returns>
    public bool Delete()
    {
        var existed = Exists;
        if (existed)
        {
            File.Delete(Path);
        }

        return existed;
    }

    public ServiceConnection Connect(TimeProvider time)
    {
        LoginDocument? login = null;
        try
        {
            login = JsonSerializer.Deserialize(File.ReadAllBytes(Path), LoginJson.Default.LoginDocument);
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"there is no login '{name}' that can be read: {exception.Message} Make one with: perennial login --help", exception);
        }

        return login is null ? throw new OperatorException($"{Path} is empty. Log in again.") : Connect(login, time);
    }

    public static ServiceConnection Connect(LoginDocument login, TimeProvider time)
    {
        var roots = new X509Certificate2Collection();
        if (login.TrustBundle is { } bundle)
        {
            roots.ImportFromPem(bundle);
        }

        var hubs = login.HubConnectionStrings.Select(text => Read(text, "hub")).ToDictionary(hub => hub.Host, StringComparer.OrdinalIgnoreCase);
        var end = IPAddress.TryParse(login.Server.DnsSafeHost, out var address)
            ? (EndPoint)new IPEndPoint(address, login.Server.Port)
            : new DnsEndPoint(login.Server.DnsSafeHost, login.Server.Port);
        return new ServiceConnection(new ServiceAddress(end, roots), Read(login.ConnectionString, "provisioning service"), hubs, time);
    }

    private static ConnectionString Read(string text, string whose) => ConnectionString.TryParse(text, out var read) && read is { HasKey: true, SharedAccessKeyName: not null }
        ? read
        : throw new OperatorException(
            $"the connection string of the {whose} cannot be read; it is HostName=…;SharedAccessKeyName=…;SharedAccessKey=…, as perennial policy show --show-keys prints it.");
}
