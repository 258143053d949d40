using System.Diagnostics.CodeAnalysis;

namespace Perennial.Authority.Keys;

/// <summary>What a <c>pkcs11:</c> URI (RFC 7512) says: the module, the token, the object, and the file that holds the PIN.</summary>
internal sealed record TokenAddress(string ModulePath, string? Token, string? Serial, string? Object, string? PinSource)
{
    private const string Scheme = "pkcs11:";
    private const string FilePrefix = "file:";

    /// <exception cref="KeyUnavailableException">The address does not name a module and a token.</exception>
    internal static TokenAddress Of(KeyAddress address) => TryParse(address.Text, out var parsed)
        ? parsed
        : throw new KeyUnavailableException(
            KeyState.Lost, $"{address} does not name a token (token= or serial=) and a module (module-path=); see RFC 7512.");

    internal static bool TryParse(string text, [NotNullWhen(true)] out TokenAddress? address)
    {
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var path = Split(query < 0 ? text[Scheme.Length..] : text[Scheme.Length..query], ';');
        var options = Split(query < 0 ? string.Empty : text[(query + 1)..], '&');
        var (token, serial) = (path.GetValueOrDefault("token"), path.GetValueOrDefault("serial"));
        address = options.GetValueOrDefault("module-path") is { Length: > 0 } module && (token ?? serial) is { Length: > 0 }
            ? new(module, token, serial, path.GetValueOrDefault("object"), Strip(options.GetValueOrDefault("pin-source")))
            : null;
        return address is not null;
    }

    private static string? Strip(string? source) => source?.StartsWith(FilePrefix, StringComparison.Ordinal) == true ? source[FilePrefix.Length..] : source;

    private static Dictionary<string, string> Split(string text, char separator)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                parts[part[..equals]] = Uri.UnescapeDataString(part[(equals + 1)..]);
            }
        }

        return parts;
    }
}
