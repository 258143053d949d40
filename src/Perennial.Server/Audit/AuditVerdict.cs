namespace Perennial.Server.Audit;

/// <summary>What checking the chain found.</summary>
/// <param name="Entries">Entries that the chain covers and that were checked.</param>
/// <param name="Unchained">Entries older than the chain, which nothing protects.</param>
/// <param name="Head">The hash of the last entry: keep it elsewhere, and any later change to the trail shows. <see cref="AuditChain.Start"/> for an empty chain.</param>
/// <param name="Broken">The number of the first entry whose hash is not what it must be; null when the chain is whole.</param>
/// <param name="HoldsExpected">Whether the hash that the caller kept is that of an entry of the chain; null when none was given.</param>
internal sealed record AuditVerdict(long Entries, long Unchained, ReadOnlyMemory<byte> Head, long? Broken, bool? HoldsExpected)
{
    public bool IsWhole => Broken is null && HoldsExpected is not false;
}
