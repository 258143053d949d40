using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;
using Perennial.Server.Notices;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Rolls in SQL.</summary>
internal sealed class RollStore(SqlDatabase database, TimeProvider time) : IRollStore
{
    /// <summary>Devices that are written in one transaction, at most.</summary>
    private const int Lot = 5_000;

    /// <summary>Registrations that are looked at in a step.</summary>
    private const int Look = 2_000;

    // The registration up to which a roll has looked for newcomers.
    private readonly ConcurrentDictionary<string, string> _looked = new(StringComparer.OrdinalIgnoreCase);

    public Task<Roll?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RollRows.Find(session, id), cancellationToken);

    public Task<Page<Roll>> ListAsync(PageRequest page, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var found = RollRows.List(session, page.After, page.Size + 1);
            return found.Count > page.Size
                ? new Page<Roll>([.. found.Take(page.Size)], Keys.Of(found[page.Size - 1].Id))
                : new Page<Roll>(found, null);
        },
        cancellationToken);

    public Task<IReadOnlyList<Roll>> ListRunningAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Roll>>(
            session => [.. RollRows.ListByState(session, RollState.Running)], cancellationToken);

    public Task<IReadOnlyList<Roll>> ListUnsettledAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Roll>>(session => [.. RollRows.ListUnsettled(session)], cancellationToken);

    public async Task<bool> TryCreateAsync(Roll roll, IReadOnlyList<RollMember> members, string actor, CancellationToken cancellationToken)
    {
        var isCreated = await database.WriteAsync(
            session =>
            {
                if (!RollRows.TryInsert(session, roll))
                {
                    return false;
                }

                AddDevices(session, roll, members);
                Audit(session, roll, "create", actor, RollRows.Serialize(roll));
                return true;
            },
            cancellationToken);
        if (isCreated)
        {
            // A kill before or in it leaves devices to be gathered when the roll runs.
            await GatherAsync(roll, all: true, cancellationToken);
        }

        return isCreated;
    }

    public async Task<bool> TryReplaceAsync(Roll roll, IReadOnlyList<RollMember> members, string actor, CancellationToken cancellationToken)
    {
        var isReplaced = await database.WriteAsync(
            session =>
            {
                if (RollRows.Find(session, roll.Id) is not { IsPlanned: true } standing || !RollRows.TryUpdate(session, roll))
                {
                    return false;
                }

                RehearsalRows.Delete(session, roll.Id);
                RollDeviceRows.DeleteAll(session, roll);
                AddDevices(session, roll, members);
                AuditRow.Write(
                    session, time.GetUtcNow(), actor, "roll.replace", $"roll '{roll.Id}'", RollRows.Serialize(standing), RollRows.Serialize(roll));
                return true;
            },
            cancellationToken);
        if (isReplaced)
        {
            await GatherAsync(roll, all: true, cancellationToken);
        }

        return isReplaced;
    }

    public Task<bool> TryChangeAsync(Roll roll, string action, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (!RollRows.TryUpdate(session, roll))
            {
                return false;
            }

            var after = new JsonObject { ["state"] = roll.State.ToString(), ["wave"] = roll.Wave, ["haltReason"] = roll.HaltReason };
            if (action == "start" && roll.WithoutRehearsal is { } reason)
            {
                after["withoutRehearsal"] = reason;
            }

            Audit(session, roll, action, actor, after.ToJsonString());
            Tell(session, roll, action);
            return true;
        },
        cancellationToken);

    public async Task GatherAsync(Roll roll, bool all, CancellationToken cancellationToken)
    {
        while (roll.IsBack && await database.WriteAsync(session => RollStandingRows.Turn(session, roll, Lot), cancellationToken) > 0)
        {
            // The next lot.
        }

        var (after, size) = all ? ("", Lot) : (_looked.GetValueOrDefault(roll.Id, ""), Look);
        while (roll.Kind != RollKind.Leaf)
        {
            var from = after;
            var (seen, last, newcomers) = await database.ReadAsync(session => LookForNewcomers(session, roll, from, size), cancellationToken);
            if (newcomers > 0)
            {
                await WriteAsync(session => Gather(session, roll, from, last!), cancellationToken);
            }

            after = seen < size ? "" : last!;
            if (seen < size || !all)
            {
                break;
            }
        }

        _looked[roll.Id] = after;
        await ReadStandingAsync(roll, cancellationToken);
    }

    public async Task SettleAsync(Roll roll, CancellationToken cancellationToken)
    {
        await ReadStandingAsync(roll, cancellationToken);
        while (await database.WriteAsync(session => RollStandingRows.LetGo(session, roll, Lot), cancellationToken) > 0)
        {
            // The next lot.
        }

        await WriteAsync(session => RollRows.NoteSettled(session, roll), cancellationToken);
        _looked.TryRemove(roll.Id, out _);
    }

    public Task<RollFacts> ReadFactsAsync(Roll roll, Func<string, bool> isConnected, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RollFactRows.Read(session, roll, isConnected, now), cancellationToken);

    public Task<IReadOnlyList<string>> ClaimAsync(Roll roll, int max, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<string>>(
            session =>
            {
                if (RollRows.Find(session, roll.Id) is not { State: RollState.Running } stored || stored.Version != roll.Version)
                {
                    return [];
                }

                var next = RollDeviceRows.Next(session, roll, max, now);
                foreach (var device in next)
                {
                    RollDeviceRows.Claim(session, roll, device.Device, now);
                }

                return [.. next.Select(device => device.Device)];
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> ListUnsentAsync(Roll roll, int max, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<string>>(
        session =>
        {
            var now = time.GetUtcNow();
            var most = Math.Min(max, roll.Plan.EffectiveRate - RollFactRows.CountSentLately(session, roll, now));
            return most <= 0 ? [] : Names(RollDeviceRows.Where(session, roll, $"{RollDeviceRows.Unsent} AND r.back = {(roll.IsBack ? 1 : 0)}", (int)most, now));
        },
        cancellationToken);

    // A device may report before it is noted that it was told.
    public Task NoteSentAsync(Roll roll, string device, DateTimeOffset windowBegins, string? failure, CancellationToken cancellationToken) =>
        WriteAsync(
            session => session.Prepared(
                """
                UPDATE roll_device SET sent = 1, offered = $now, opens = $opens, failure = coalesce($failure, failure)
                WHERE roll = $roll AND device = $device AND back = $back AND wave IS NOT NULL
                """,
                ("$now", time.GetUtcNow().UtcTicks),
                ("$opens", windowBegins.UtcTicks),
                ("$failure", failure),
                ("$roll", Keys.Of(roll.Id)),
                ("$device", Keys.Of(device)),
                ("$back", roll.IsBack ? 1L : 0L)).ExecuteNonQuery(),
            cancellationToken);

    public async Task NoteReportAsync(string device, string? failure, CancellationToken cancellationToken)
    {
        if (await database.ReadAsync(session => RollDeviceRows.ListOffering(session, device).Any(was => was != failure), cancellationToken))
        {
            await database.WriteAsync(session => RollDeviceRows.NoteReport(session, device, failure), cancellationToken);
        }
    }

    public Task<OfferedDevice?> FindOfferedAsync(string device, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RollDeviceRows.FindOffered(session, device, now), cancellationToken);

    public async Task ForgetFailuresAsync(Roll roll, CancellationToken cancellationToken)
    {
        foreach (var device in await WhereAsync(roll, RollDeviceRows.Mended, RollDeviceRows.Batch, cancellationToken))
        {
            await SetAsync("UPDATE roll_device SET failure = $none WHERE roll = $roll AND device = $device", roll, device, ("$none", null), cancellationToken);
        }
    }

    public Task<bool> TryHastenAsync(Roll roll, string reason, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (!RollRows.TryUpdate(session, roll))
            {
                return false;
            }

            session.Prepared("UPDATE roll_device SET sent = 0 WHERE roll = $roll AND wave IS NOT NULL AND sent = 1 AND moved = 0", ("$roll", Keys.Of(roll.Id))).ExecuteNonQuery();
            Audit(session, roll, "hasten", actor, new JsonObject { ["reason"] = reason }.ToJsonString());
            Tell(session, roll, "hasten");
            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> ListToWithdrawAsync(Roll roll, int max, CancellationToken cancellationToken) =>
        WhereAsync(roll, RollDeviceRows.ToWithdraw(roll), max, cancellationToken);

    public Task NoteWithdrawnAsync(Roll roll, string device, CancellationToken cancellationToken) => SetAsync(
        "UPDATE roll_device SET sent = $sent WHERE roll = $roll AND device = $device AND sent IN (1, 3)", roll, device, ("$sent", roll.State == RollState.Aborted ? 2L : 0L), cancellationToken);

    public async Task<IReadOnlyList<RollMember>> ListToRetireAsync(Roll roll, int max, CancellationToken cancellationToken)
    {
        var devices = await WhereAsync(roll, RollDeviceRows.ToRetire, max, cancellationToken);
        return await database.ReadAsync<IReadOnlyList<RollMember>>(
            session => [.. devices.Select(device => new RollMember(device, Thumbprint.FromBytes((byte[])session.Prepared(
                "SELECT old FROM roll_device WHERE roll = $roll AND device = $device", ("$roll", Keys.Of(roll.Id)), ("$device", device)).ExecuteScalar()!)))],
            cancellationToken);
    }

    public Task NoteRetiredAsync(Roll roll, string device, CancellationToken cancellationToken) => SetAsync(
        "UPDATE roll_device SET retired = $retired WHERE roll = $roll AND device = $device", roll, device, ("$retired", 1L), cancellationToken);

    public Task<bool> TryWaiveAsync(Roll roll, string device, string reason, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (session.Prepared(
                "UPDATE roll_device SET waiver = $waiver WHERE roll = $roll AND device = $device",
                ("$waiver", reason),
                ("$roll", Keys.Of(roll.Id)),
                ("$device", Keys.Of(device))).ExecuteNonQuery() == 0)
            {
                return false;
            }

            Audit(session, roll, "waive", actor, new JsonObject { ["device"] = device, ["reason"] = reason }.ToJsonString());
            return true;
        },
        cancellationToken);

    public Task<IReadOnlyList<EnrollmentKey>> ListTrustingAsync(IReadOnlyList<Certificate> certificates, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<EnrollmentKey>>(
            session => [.. certificates.SelectMany(certificate => RollIssuerRows.ListTrusting(session, certificate)).Distinct()], cancellationToken);

    public Task<RollProgress> ReadProgressAsync(Roll roll, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(session => RollDeviceRows.ReadProgress(session, roll, now), cancellationToken);

    public Task<Page<RollDevice>> ListDevicesAsync(Roll roll, bool onlyOpen, PageRequest page, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var found = RollDeviceRows.List(session, roll, onlyOpen, page.After, page.Size + 1, now);
                return found.Count > page.Size
                    ? new Page<RollDevice>([.. found.Take(page.Size)], found[page.Size - 1].Device)
                    : new Page<RollDevice>(found, null);
            },
            cancellationToken);

    private static void AddDevices(SqlSession session, Roll roll, IReadOnlyList<RollMember> members)
    {
        foreach (var member in members)
        {
            RollDeviceRows.Add(session, roll, member);
        }
    }

    private Task<IReadOnlyList<string>> WhereAsync(Roll roll, string condition, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            session => Names(RollDeviceRows.Where(session, roll, condition, max, time.GetUtcNow())), cancellationToken);

    private static List<string> Names(IReadOnlyList<RollDevice> devices) => [.. devices.Select(device => device.Device)];

    private (long Seen, string? Last, long Newcomers) LookForNewcomers(SqlSession session, Roll roll, string after, int max) =>
        roll.Kind == RollKind.IssuingCa
            ? RollIssuerRows.LookForNewcomers(session, roll, after, max, time.GetUtcNow())
            : RollDeviceRows.LookForNewcomers(session, roll, after, max);

    private void Gather(SqlSession session, Roll roll, string after, string until)
    {
        if (roll.Kind == RollKind.IssuingCa)
        {
            RollIssuerRows.Gather(session, roll, after, until, time.GetUtcNow());
        }
        else
        {
            RollDeviceRows.Gather(session, roll, after, until);
        }

        RollDeviceRows.PlaceCanary(session, roll);
    }

    private async Task ReadStandingAsync(Roll roll, CancellationToken cancellationToken)
    {
        while (await database.ReadAsync(session => RollStandingRows.HasUnread(session, roll), cancellationToken))
        {
            await WriteAsync(session => RollStandingRows.Read(session, roll, Lot), cancellationToken);
        }
    }

    private Task<bool> WriteAsync(Action<SqlSession> write, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            write(session);
            return true;
        },
        cancellationToken);

    private Task<int> SetAsync(string sql, Roll roll, string device, (string Name, object? Value) value, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Prepared(
                sql, value, ("$roll", Keys.Of(roll.Id)), ("$device", Keys.Of(device)), ("$now", time.GetUtcNow().UtcTicks)).ExecuteNonQuery(),
            cancellationToken);

    private void Tell(SqlSession session, Roll roll, string action)
    {
        var data = new JsonObject
        {
            ["roll"] = roll.Id,
            ["action"] = action,
            ["state"] = roll.State.ToString(),
            ["wave"] = roll.Wave,
            ["haltReason"] = roll.HaltReason,
        };
        var subject = string.Create(CultureInfo.InvariantCulture, $"roll {roll.Id}, change {roll.Version + 1}");
        WebhookStore.Raise(session, Notice.Create(NoticeKind.RollState, subject, time.GetUtcNow(), data), only: null);
    }

    private void Audit(SqlSession session, Roll roll, string action, string actor, string after) =>
        AuditRow.Write(session, time.GetUtcNow(), actor, $"roll.{action}", $"roll '{roll.Id}'", before: null, after);
}
