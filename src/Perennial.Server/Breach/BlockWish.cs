using Perennial.Provisioning.Blocks;

namespace Perennial.Server.Breach;

/// <summary>A block as an operator asks for it, of whatever words it came in.</summary>
/// <param name="Kind">What is blocked.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why.</param>
/// <param name="Drain">How it is drained; null to cut.</param>
/// <param name="Certificate">The issuer's certificate as text, when the service may not know it.</param>
internal sealed record BlockWish(BlockKind Kind, string Name, string Reason, DrainTerms? Drain, string? Certificate);
