using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>Makes the changes that <see cref="CompareFleet"/> found, one after another; an object that somebody changed meanwhile is not overwritten.</summary>
internal sealed class ApplyFleet(ServiceApi api)
{
    public Task RunAsync(FleetChange change, CancellationToken cancellationToken) => api.DemandAsync(RequestOf(change), cancellationToken);

    /// <summary>The request that makes a change.</summary>
    public static ServiceRequest RequestOf(FleetChange change) => change switch
    {
        FleetChange.Created { Declared: var declared } => declared.Noun.Put(declared.Id, declared.Over(null)),
        FleetChange.Changed { Declared: var declared, Stored: var stored } => declared.Noun.Put(declared.Id, declared.Over(stored), TagOf(stored)),
        FleetChange.Deleted deleted => deleted.Noun.Delete(deleted.Id, TagOf(deleted.Stored)),
        _ => throw new InvalidOperationException($"Unknown change {change.GetType().Name}."),
    };

    private static string? TagOf(JsonObject stored) => (string?)stored["etag"] is { Length: > 0 } tag ? tag.StartsWith('"') ? tag : $"\"{tag}\"" : null;
}
