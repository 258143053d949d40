namespace Perennial.Server.Notices;

/// <summary>Finds the days on which stored certificates end.</summary>
internal interface IExpiringDays
{
    /// <summary>Days with at least one end, of every kind.</summary>
    Task<IReadOnlyList<ExpiringDay>> ListAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken);
}
