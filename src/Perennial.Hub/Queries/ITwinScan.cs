namespace Perennial.Hub.Queries;

/// <summary>Reads the identities of one hub with their twins, many at a time.</summary>
public interface ITwinScan
{
    /// <summary>Those of the range by id, after <paramref name="after"/>, at most <paramref name="max"/>.</summary>
    Task<IReadOnlyList<StoredTwin>> ListAsync(TwinRange range, string? after, int max, CancellationToken cancellationToken);
}
