using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Perennial.Protocol.Sas;

/// <summary>A connection string: <c>HostName=…;SharedAccessKeyName=…;SharedAccessKey=…</c> for services, with <c>DeviceId</c> for devices.</summary>
/// <remarks>Source: dps-protocol §7.1, hub-protocol §4.10.</remarks>
public sealed record ConnectionString
{
    /// <summary>The longest text that is read.</summary>
    public const int MaxLength = 4096;

    /// <summary>The host name, with <c>:port</c> where a client allows it.</summary>
    public required string HostName { get; init; }

    /// <summary>The policy name, for services.</summary>
    public string? SharedAccessKeyName { get; init; }

    /// <summary>The key in base64.</summary>
    public string? SharedAccessKey { get; init; }

    /// <summary>The device id, for devices.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The module id, for modules of devices.</summary>
    public string? ModuleId { get; init; }

    /// <summary>Whether the device proves itself by a certificate (<c>x509=true</c>).</summary>
    public bool UsesX509 { get; init; }

    /// <summary>Reads a connection string; names are matched without case, unknown names are ignored.</summary>
    /// <param name="text">The text.</param>
    /// <param name="connectionString">The connection string, when it could be read.</param>
    /// <returns>Whether it could be read and names a host.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ConnectionString? connectionString)
    {
        connectionString = null;
        if (text is null || text.Length > MaxLength || ReadPairs(text) is not { } pairs || !pairs.TryGetValue("HostName", out var host))
        {
            return false;
        }

        connectionString = new ConnectionString
        {
            HostName = host,
            SharedAccessKeyName = pairs.GetValueOrDefault("SharedAccessKeyName"),
            SharedAccessKey = pairs.GetValueOrDefault("SharedAccessKey"),
            DeviceId = pairs.GetValueOrDefault("DeviceId"),
            ModuleId = pairs.GetValueOrDefault("ModuleId"),
            UsesX509 = pairs.GetValueOrDefault("x509") is { } x509 && x509.Equals("true", StringComparison.OrdinalIgnoreCase),
        };
        return true;
    }

    /// <summary>Whether it holds a key that tokens can be signed with.</summary>
    public bool HasKey =>
        SharedAccessKey is { Length: > 0 } key && Convert.TryFromBase64String(key, new byte[key.Length], out var length) && length > 0;

    /// <summary>The host name without a port, which is what tokens and certificates are for.</summary>
    public string Host => HostName.Split(':')[0];

    /// <summary>Signs a token of the policy for everything on the host.</summary>
    /// <param name="expires">The end of its life; fractions of a second are dropped.</param>
    /// <returns>The value of an <c>Authorization</c> header.</returns>
    /// <exception cref="InvalidOperationException">It holds no key.</exception>
    public string CreateToken(DateTimeOffset expires) => HasKey
        ? SharedAccessSignature.Create(Host, Convert.FromBase64String(SharedAccessKey!), expires, SharedAccessKeyName)
        : throw new InvalidOperationException($"The connection string of {HostName} holds no key in base64.");

    /// <summary>Writes the connection string, the key included.</summary>
    /// <returns>The text to hand to a client; never to a log.</returns>
    public string Format()
    {
        var text = new StringBuilder("HostName=").Append(HostName);
        Append(text, "DeviceId", DeviceId);
        Append(text, "ModuleId", ModuleId);
        Append(text, "SharedAccessKeyName", SharedAccessKeyName);
        Append(text, "SharedAccessKey", SharedAccessKey);
        return UsesX509 ? text.Append(";x509=true").ToString() : text.ToString();
    }

    /// <summary>The connection string without its key.</summary>
    /// <returns>A text fit for logs.</returns>
    public override string ToString() => (this with { SharedAccessKey = null }).Format();

    private static Dictionary<string, string>? ReadPairs(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1 || !pairs.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                return null;
            }
        }

        return pairs;
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(';').Append(name).Append('=').Append(value);
        }
    }
}
