using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>One object that a fleet file declares. What the file does not say of it stays as it is.</summary>
/// <param name="Noun">Its kind.</param>
/// <param name="Id">Its id.</param>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Members">What is said of it, in the order of the file.</param>
internal sealed record DeclaredObject(RestNoun Noun, string Id, long Line, IReadOnlyList<DeclaredMember> Members)
{
    /// <summary>Whether comparing it needs the keys of the stored attestation.</summary>
    public bool NeedsKeys { get; init; }

    /// <summary>The document that is saved: the stored one, or a new one, with what is declared.</summary>
    public JsonObject Over(JsonObject? stored)
    {
        var document = stored?.DeepClone() as JsonObject ?? new JsonObject { [Noun.IdMember] = Id };
        foreach (var member in Members)
        {
            member.Set(document);
        }

        return document;
    }
}
