using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>One difference between a fleet file and the server.</summary>
internal abstract record FleetChange(RestNoun Noun, string Id)
{
    /// <summary>The object is not there yet.</summary>
    public sealed record Created(DeclaredObject Declared) : FleetChange(Declared.Noun, Declared.Id);

    /// <summary>The object is otherwise.</summary>
    public sealed record Changed(DeclaredObject Declared, JsonObject Stored, IReadOnlyList<(string Name, string? From, string To)> Fields)
        : FleetChange(Declared.Noun, Declared.Id);

    /// <summary>The file does not declare the object.</summary>
    public sealed record Deleted(RestNoun Noun, string Id, JsonObject Stored) : FleetChange(Noun, Id);
}
