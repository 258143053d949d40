using Perennial.Server.Remote;

namespace Perennial.Server.Declarations;

/// <summary>What a fleet file declares.</summary>
/// <param name="Objects">The objects: hubs, then certificates, then groups, then enrollments, since later ones may name earlier ones.</param>
/// <param name="Sections">The kinds that the file speaks of; the others are none of its business.</param>
internal sealed record FleetDeclaration(IReadOnlyList<DeclaredObject> Objects, IReadOnlyList<RestNoun> Sections);
