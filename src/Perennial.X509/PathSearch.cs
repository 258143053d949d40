namespace Perennial.X509;

/// <summary>What a path search found.</summary>
/// <param name="Paths">One path for every anchor that was reached, the nearest anchor first.</param>
/// <param name="Refusal">Why there is none: the reason of the path that got furthest. Null when a path was found.</param>
public sealed record PathSearch(IReadOnlyList<CertificatePath> Paths, Refusal? Refusal);
