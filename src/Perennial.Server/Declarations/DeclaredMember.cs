using System.Text.Json.Nodes;

namespace Perennial.Server.Declarations;

/// <summary>One thing that a fleet file says of an object.</summary>
/// <param name="Name">The key in the file.</param>
/// <param name="Wanted">What it is to be, as it is compared and shown; never a secret.</param>
/// <param name="Current">What it is, of a stored document; null when it says nothing.</param>
/// <param name="Set">Makes a document say it.</param>
internal sealed record DeclaredMember(string Name, string Wanted, Func<JsonObject, string?> Current, Action<JsonObject> Set)
{
    /// <summary>Whether a stored document says it already. Ids, host names and words are compared without case everywhere in this API.</summary>
    public bool IsSo(JsonObject stored) => string.Equals(Current(stored), Wanted, StringComparison.OrdinalIgnoreCase);
}
