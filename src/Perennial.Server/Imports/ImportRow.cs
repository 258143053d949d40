using System.Text.Json.Nodes;
using Perennial.Server.Remote;
using Perennial.X509;

namespace Perennial.Server.Imports;

/// <summary>One device of a factory's list, or why a row is none.</summary>
/// <param name="Line">The line of the file where the row begins, from 1.</param>
/// <param name="Id">The registration id, as far as it could be read.</param>
internal abstract record ImportRow(long Line, string Id)
{
    /// <summary>A device with its certificate.</summary>
    public sealed record OfCertificate(long Line, string Id, Certificate Leaf) : ImportRow(Line, Id);

    /// <summary>A device of whose certificate only the SHA-256 thumbprint is known.</summary>
    public sealed record OfThumbprint(long Line, string Id, Thumbprint Thumbprint) : ImportRow(Line, Id);

    /// <summary>An enrollment or a group as a document of the service API.</summary>
    public sealed record OfDocument(long Line, string Id, RestNoun Noun, JsonObject Document) : ImportRow(Line, Id);

    /// <summary>A row that is refused before anything is asked.</summary>
    public sealed record Faulty(long Line, string Id, string Fault) : ImportRow(Line, Id);
}
