using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>Lists of rolls as operators look for them: by state, and of one device.</summary>
internal sealed class RollListStore(SqlDatabase database)
{
    /// <param name="state">Only rolls in this state; null for all.</param>
    /// <param name="from">The id beside which the page lies; null for the first page.</param>
    /// <param name="isBefore">Whether the page lies before that id; else after it.</param>
    /// <param name="size">Rolls to a page.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>By id, with whether there are rolls before and after.</returns>
    public Task<(IReadOnlyList<Roll> Rolls, bool HasPrevious, bool HasNext)> ListAsync(
        RollState? state, string? from, bool isBefore, int size, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var rolls = RollRows.ListBeside(session, state, from, isBefore, size + 1);
            var hasMore = rolls.Count > size;
            if (hasMore)
            {
                rolls.RemoveAt(size);
            }

            if (isBefore)
            {
                rolls.Reverse();
            }

            return ((IReadOnlyList<Roll>)rolls, isBefore ? hasMore : from is not null, isBefore || hasMore);
        },
        cancellationToken);

    /// <summary>The rolls that a device belongs to, those that were planned last first, with how it stands in each.</summary>
    public Task<IReadOnlyList<(Roll Roll, RollDevice Device)>> OfDeviceAsync(string device, int most, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<(Roll, RollDevice)>>(
            session =>
            [
                .. RollRows.ListOfDevice(session, device).OrderByDescending(roll => roll.Created).Take(most)
                    .Select(roll => (roll, RollDeviceRows.Find(session, roll, device, now)!)),
            ],
            cancellationToken);

    /// <summary>How far each wave has come, those that have begun.</summary>
    public Task<IReadOnlyList<RollWave>> ListWavesAsync(Roll roll, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<RollWave>>(session => RollDeviceRows.CountWaves(session, roll, now), cancellationToken);
}
