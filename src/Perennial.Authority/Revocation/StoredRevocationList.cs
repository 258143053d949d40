namespace Perennial.Authority.Revocation;

/// <summary>A revocation list that was issued.</summary>
/// <param name="Number">Grows with each list of a slot.</param>
/// <param name="Der">The encoding.</param>
/// <param name="Issued">When it was issued.</param>
/// <param name="NextUpdate">When the next one is there at the latest.</param>
/// <param name="Changes">The number of revocations of the slot when it was issued.</param>
public sealed record StoredRevocationList(long Number, ReadOnlyMemory<byte> Der, DateTimeOffset Issued, DateTimeOffset NextUpdate, long Changes);
