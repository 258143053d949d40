using System.Diagnostics.CodeAnalysis;

namespace Perennial.Protocol.Sas;

/// <summary>What a token is for, decoded once: a host (or id scope) and path segments. Scheme, port and trailing slashes are dropped.</summary>
/// <remarks>A path segment is compared as it is and, failing that, decoded a second time, since one client encodes device ids twice (hub-protocol §0.3).</remarks>
public sealed class SasResource
{
    private const int MaxSegments = 16;

    private SasResource(string host, string[] path)
    {
        Host = host;
        Path = path;
    }

    /// <summary>The host name or id scope.</summary>
    public string Host { get; }

    /// <summary>The path segments after it, decoded once.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>Reads the raw field <c>sr</c> of a token.</summary>
    /// <param name="rawResource">The field as it appears in the token.</param>
    /// <param name="resource">The resource, when it could be read.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string? rawResource, [NotNullWhen(true)] out SasResource? resource)
    {
        resource = null;
        if (string.IsNullOrEmpty(rawResource) || rawResource.Length > SharedAccessSignature.MaxLength)
        {
            return false;
        }

        var text = Uri.UnescapeDataString(rawResource);
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        text = (scheme < 0 ? text : text[(scheme + 3)..]).TrimEnd('/');
        var segments = text.Split('/', MaxSegments + 1);
        var host = WithoutPort(segments[0]);
        if (host.Length == 0 || segments.Length > MaxSegments)
        {
            return false;
        }

        resource = new SasResource(host, segments[1..]);
        return true;
    }

    /// <summary>Whether the resource is the host, or the host and leading segments of the path.</summary>
    /// <param name="host">The host name, compared without case.</param>
    /// <param name="comparison">How segments compare.</param>
    /// <param name="path">The decoded segments of what is asked for.</param>
    /// <returns>Whether it is covered.</returns>
    public bool Covers(string host, StringComparison comparison, params ReadOnlySpan<string> path)
    {
        if (!Host.Equals(host, StringComparison.OrdinalIgnoreCase) || Path.Count > path.Length)
        {
            return false;
        }

        for (var i = 0; i < Path.Count; i++)
        {
            if (!Path[i].Equals(path[i], comparison) && !Uri.UnescapeDataString(Path[i]).Equals(path[i], comparison))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the resource is exactly this host and path.</summary>
    /// <param name="host">The host name or id scope, compared without case.</param>
    /// <param name="comparison">How segments compare.</param>
    /// <param name="path">The decoded segments.</param>
    /// <returns>Whether it is the same resource.</returns>
    public bool Equals(string host, StringComparison comparison, params ReadOnlySpan<string> path) =>
        Path.Count == path.Length && Covers(host, comparison, path);

    private static string WithoutPort(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon > 0 && authority.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? authority[..colon] : authority;
    }
}
