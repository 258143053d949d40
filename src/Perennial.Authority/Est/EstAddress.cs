using Perennial.Authority.Keys;

namespace Perennial.Authority.Est;

/// <summary>Where an EST server is, and the files that hold what it asks for.</summary>
/// <param name="Base">The address up to the label, without a slash at its end.</param>
/// <param name="CredentialsFile">First line <c>user:password</c>, for HTTP Basic; null for none.</param>
/// <param name="CertificateFile">PEM of the client certificate, and its key unless there is a file for it; null for none.</param>
/// <param name="KeyFile">PEM of its key.</param>
/// <param name="TrustFile">PEM of the roots that the server's certificate chains to; null for the operating system's.</param>
/// <param name="UsesReenroll">Whether <c>simplereenroll</c> is asked for devices that had a certificate before.</param>
public sealed record EstAddress(
    string Base, string? CredentialsFile, string? CertificateFile, string? KeyFile, string? TrustFile, bool UsesReenroll)
{
    private const string Scheme = "est:";
    private const string WellKnown = "/.well-known/est";

    /// <summary>Makes an address of an https URL and an optional label.</summary>
    /// <param name="url">The server; a path other than the well-known one is kept.</param>
    /// <param name="label">The label of the authority there; null for none.</param>
    public static string BaseOf(Uri url, string? label)
    {
        ArgumentNullException.ThrowIfNull(url);
        var path = url.AbsolutePath.TrimEnd('/');
        return $"{url.GetLeftPart(UriPartial.Authority)}{(path.Length == 0 ? WellKnown : path)}{(label is null ? string.Empty : $"/{Uri.EscapeDataString(label)}")}";
    }

    /// <summary>The address as one text.</summary>
    public KeyAddress ToKeyAddress()
    {
        var options = new[]
        {
            ("credentials", CredentialsFile), ("client-cert", CertificateFile), ("client-key", KeyFile), ("trust", TrustFile), ("reenroll", UsesReenroll ? "yes" : null),
        };
        var query = string.Join('&', options.Where(option => option.Item2 is not null).Select(option => $"{option.Item1}={Uri.EscapeDataString(option.Item2!)}"));
        return KeyAddress.TryParse($"{Scheme}{Base}{(query.Length > 0 ? "?" : string.Empty)}{query}", out var address)
            ? address
            : throw new ArgumentException($"{Base} is no https address, or it is too long.");
    }

    internal static EstAddress Of(KeyAddress address)
    {
        var parts = address.Text[Scheme.Length..].Split('?', 2);
        var options = (parts.Length > 1 ? parts[1] : string.Empty).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(option => option.Split('=', 2)).ToDictionary(option => option[0], option => Uri.UnescapeDataString(option[^1]), StringComparer.Ordinal);
        return new(
            parts[0],
            options.GetValueOrDefault("credentials"),
            options.GetValueOrDefault("client-cert"),
            options.GetValueOrDefault("client-key"),
            options.GetValueOrDefault("trust"),
            options.ContainsKey("reenroll"));
    }
}
