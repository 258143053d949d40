using System.Text.Json.Nodes;

namespace Perennial.Server.Remote;

/// <summary>One request to the REST API, with the words for what it is about.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query, without the version; names in it are escaped.</param>
/// <param name="Subject">What it is about, for errors: <c>enrollment 'lamp-1'</c>.</param>
internal sealed record ServiceRequest(HttpMethod Method, string Path, string Subject)
{
    public JsonNode? Body { get; init; }

    /// <summary>The ETag that the stored object must have, or <c>*</c>.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Where the page begins; null for the first.</summary>
    public string? Continuation { get; init; }

    /// <summary>Most objects of a page; null for the server's usual.</summary>
    public int? PageSize { get; init; }

    /// <summary>What to do when there is no such object.</summary>
    public string Remedy { get; init; } = string.Empty;

    /// <summary>Method and path without the query, which may hold names only.</summary>
    public override string ToString() => $"{Method} {Path.Split('?')[0]}";
}
