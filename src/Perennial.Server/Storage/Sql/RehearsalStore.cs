using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Provisioning;
using Perennial.Rolling.Rehearsals;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Storage.Sql;

/// <summary>Rehearsals in SQL.</summary>
internal sealed class RehearsalStore(SqlDatabase database, TimeProvider time) : IRehearsalStore
{
    public Task<Rehearsal?> FindAsync(string roll, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RehearsalRows.Find(session, roll), cancellationToken);

    public Task<bool> TryBeginAsync(Roll roll, Rehearsal rehearsal, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (RollRows.Find(session, roll.Id) is not { IsPlanned: true } stored || stored.Version != roll.Version
                || RehearsalRows.Find(session, roll.Id) is { State: RehearsalState.Running })
            {
                return false;
            }

            RehearsalRows.Insert(session, rehearsal);
            return true;
        },
        cancellationToken);

    public Task<bool> NoteProgressAsync(Rehearsal rehearsal, double progress, CancellationToken cancellationToken) =>
        database.WriteAsync(session => RehearsalRows.TryUpdate(session, rehearsal with { Progress = progress }), cancellationToken);

    public Task FinishAsync(Rehearsal rehearsal, RehearsalResult result, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var done = rehearsal with { State = RehearsalState.Done, Progress = 1, Ended = time.GetUtcNow(), Result = result with { Lost = [] } };
            if (!RehearsalRows.TryUpdate(session, done))
            {
                return false;
            }

            for (var i = 0; i < result.Lost.Count; i++)
            {
                RehearsalRows.AddLost(session, rehearsal.Roll, i + 1, result.Lost[i]);
            }

            NoteRoll(session, done, result);
            return true;
        },
        cancellationToken);

    public Task<bool> TryEndAsync(Rehearsal rehearsal, RehearsalState state, string? fault, CancellationToken cancellationToken) => database.WriteAsync(
        session => RehearsalRows.TryUpdate(session, rehearsal with { State = state, Fault = fault, Ended = time.GetUtcNow() }), cancellationToken);

    public Task<IReadOnlyList<Rehearsal>> ListRunningAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Rehearsal>>(session => RehearsalRows.ListByState(session, RehearsalState.Running), cancellationToken);

    public Task<Page<LostDevice>> ListLostAsync(string roll, PageRequest page, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var after = long.TryParse(page.After, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : 0;
            var found = RehearsalRows.ListLost(session, roll, after, page.Size + 1);
            var items = found.Take(page.Size).ToList();
            return new Page<LostDevice>(
                [.. items.Select(item => item.Device)], found.Count > page.Size ? items[^1].Place.ToString(CultureInfo.InvariantCulture) : null);
        },
        cancellationToken);

    private void NoteRoll(SqlSession session, Rehearsal done, RehearsalResult result)
    {
        if (RollRows.Find(session, done.Roll) is not { IsPlanned: true } roll || roll.Version != done.RollVersion)
        {
            return;
        }

        var next = roll with { State = result.Blocks ? RollState.Draft : RollState.Rehearsed };
        RollRows.TryUpdate(session, next);
        var after = new JsonObject
        {
            ["state"] = next.State.ToString(),
            ["blocking"] = result.Findings.Count(finding => finding.Severity == FindingSeverity.Blocks),
            ["lostDevices"] = result.LostDevices,
        };
        AuditRow.Write(session, time.GetUtcNow(), done.Actor, "roll.rehearse", $"roll '{roll.Id}'", before: null, after.ToJsonString());
    }
}
