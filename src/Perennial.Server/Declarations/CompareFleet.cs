using System.Text.Json.Nodes;
using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>Finds the differences between a fleet file and a server. Changes nothing.</summary>
internal sealed class CompareFleet(ServiceApi api)
{
    /// <summary>So many objects are asked for at a time.</summary>
    private const int Together = 8;

    /// <param name="fleet">What is declared.</param>
    /// <param name="prunes">Whether what the sections of the file do not declare is to go.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <returns>The changes in the order in which they are to be made.</returns>
    public async Task<IReadOnlyList<FleetChange>> RunAsync(FleetDeclaration fleet, bool prunes, CancellationToken cancellationToken)
    {
        var changes = new List<FleetChange>();
        foreach (var part in fleet.Objects.Chunk(Together))
        {
            changes.AddRange((await Task.WhenAll(part.Select(declared => CompareAsync(declared, cancellationToken)))).OfType<FleetChange>());
        }

        // The last sections name the first ones, and go before them.
        foreach (var noun in prunes ? fleet.Sections.Reverse() : [])
        {
            var declared = fleet.Objects.Where(item => item.Noun == noun).Select(item => item.Id).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var all = noun == RestNoun.Certificate || noun == RestNoun.LinkedHub ? noun.List() : noun.Query($"SELECT * FROM {noun.Path}");
            await foreach (var stored in api.ListAsync(all, cancellationToken))
            {
                var id = (string)stored[noun.IdMember]!;
                if (!declared.Contains(id) && !IsServedHere(noun, stored))
                {
                    changes.Add(new FleetChange.Deleted(noun, id, stored));
                }
            }
        }

        return changes;
    }

    // A hub of the server itself cannot be unlinked.
    private static bool IsServedHere(RestNoun noun, JsonObject stored) => noun == RestNoun.LinkedHub && stored["connectionString"] is null;

    private async Task<FleetChange?> CompareAsync(DeclaredObject declared, CancellationToken cancellationToken)
    {
        if (await api.FindAsync(declared.Noun.Get(declared.Id), cancellationToken) is not { } stored)
        {
            return new FleetChange.Created(declared);
        }

        var compared = stored;
        if (declared.NeedsKeys)
        {
            compared = (JsonObject)stored.DeepClone();
            compared["attestation"] = (await api.DemandAsync(declared.Noun.Post(declared.Id, "/attestationmechanism"), cancellationToken)).Document.DeepClone();
        }

        var fields = declared.Members.Where(member => !member.IsSo(compared)).Select(member => (member.Name, member.Current(compared), member.Wanted)).ToList();
        return fields.Count == 0 ? null : new FleetChange.Changed(declared, stored, fields);
    }
}
