using System.Data.Common;
using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Impact;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The chains that devices were last accepted with, in SQL.</summary>
internal sealed class PresentedChains(SqlDatabase database) : IPresentedChains
{
    private const string ChainColumns =
        """
        name, hub, leaf, issuers, (SELECT der FROM presented_certificate WHERE thumbprint = leaf),
            (SELECT r.enrollment_key FROM registration r WHERE r.key = device_chain.device AND r.enrollment_kind = 1)
        """;

    // Of a device that a key took last it is known what it proves itself with.
    private const string IsUnknown =
        """
        NOT EXISTS (SELECT 1 FROM device_chain d WHERE d.device = r.key AND d.leaf IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM sighted_device s WHERE s.device = r.key AND s.accepted IS NOT NULL AND s.leaf_ends IS NULL AND s.anchor IS NOT NULL)
        """;

    private const string InRange =
        "standing = 0 AND class = $class AND hub = $hub AND (last_day, not_after, device) > ($day, $end, $device) AND not_after < $until "
        + "ORDER BY last_day, not_after, device LIMIT $max";

    private static readonly DateOnly Epoch = DateOnly.MinValue;

    public Task<IReadOnlyList<ChainLot>> CountAsync(DateTimeOffset ended, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ChainLot>>(
            session => ReadLots(session.Prepared(
                """
                SELECT class, hub, last_day, count(*), count(CASE WHEN not_after < $ended THEN 1 END) FROM device_chain WHERE standing = 0
                GROUP BY class, hub, last_day
                """,
                ("$ended", ended.UtcTicks))),
            cancellationToken);

    public Task<long> CountAsync(LotRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);
        return database.ReadAsync(
            session => (long)session.Prepared(
                """
                SELECT count(*) FROM device_chain WHERE standing = 0 AND class = $class AND hub = $hub AND last_day >= $first AND last_day <= $last
                    AND not_after >= $from AND not_after < $until
                """,
                ("$class", range.Class),
                ("$hub", range.Hub ?? ""),
                ("$first", range.From.UtcTicks / TimeSpan.TicksPerDay),
                ("$last", range.Until.UtcTicks / TimeSpan.TicksPerDay),
                ("$from", range.From.UtcTicks),
                ("$until", range.Until.UtcTicks)).ExecuteScalar()!,
            cancellationToken);
    }

    public Task<IReadOnlyList<ChainLot>> ListClassesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ChainLot>>(ListClasses, cancellationToken);

    public Task<PresentedChain?> FindLongestAsync(ChainLot lot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lot);
        return database.ReadAsync(
            session => ReadChains(session, session.Prepared(
                $"""
                SELECT {ChainColumns} FROM device_chain WHERE standing = 0 AND class = $class AND hub = $hub AND last_day = $day
                ORDER BY not_after DESC LIMIT 1
                """,
                ("$class", lot.Class),
                ("$hub", lot.Hub ?? ""),
                ("$day", (long)lot.LastDay.DayNumber))) is [var one] ? one : null,
            cancellationToken);
    }

    public Task<PresentedChain?> FindAsync(RegistrationId device, CancellationToken cancellationToken) => database.ReadAsync(
        session => ReadChains(session, session.Prepared(
            $"SELECT {ChainColumns} FROM device_chain WHERE device = $device AND leaf IS NOT NULL", ("$device", Keys.Of(device.Value)))) is [var one] ? one : null,
        cancellationToken);

    public Task<IReadOnlyList<PresentedChain>> ListChainsAsync(LotRange range, SeenDevice? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<PresentedChain>>(
            session => ReadChains(session, session.Prepared($"SELECT {ChainColumns} FROM device_chain WHERE {InRange}", Parameters(range, after, max))),
            cancellationToken);

    public Task<IReadOnlyList<SeenDevice>> ListAsync(LotRange range, SeenDevice? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SeenDevice>>(
            session =>
            {
                using var rows = session.Prepared($"SELECT device, not_after FROM device_chain WHERE {InRange}", Parameters(range, after, max)).ExecuteReader();
                var devices = new List<SeenDevice>();
                while (rows.Read())
                {
                    devices.Add(new SeenDevice(rows.GetString(0), new DateTimeOffset(rows.GetInt64(1), TimeSpan.Zero), range.Hub));
                }

                return devices;
            },
            cancellationToken);

    public Task<IReadOnlyList<PresentedChain>> ListAloneAsync(bool andEnrolled, string? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<PresentedChain>>(
            session => ReadChains(session, session.Prepared(
                $"SELECT {ChainColumns} FROM device_chain WHERE {(andEnrolled ? "standing > 0" : "standing = 2")} AND leaf IS NOT NULL AND device > $after ORDER BY device LIMIT $max",
                ("$after", Keys.Of(after ?? "")),
                ("$max", (long)max))),
            cancellationToken);

    public Task<IReadOnlyDictionary<RegistrationId, EnrollmentCandidates>> FindIndividualsAsync(RegistrationId first, RegistrationId last, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<RegistrationId, EnrollmentCandidates>>(
            session => IndividualCandidates.Find(session, Keys.Of(first.Value), Keys.Of(last.Value)), cancellationToken);

    public Task<long> CountUnknownAsync(EnrollmentKey enrollment, CancellationToken cancellationToken) => database.ReadAsync(
        session => (long)session.Prepared(
            $"SELECT count(*) FROM registration r WHERE r.enrollment_kind = $kind AND r.enrollment_key = $key AND {IsUnknown}",
            ("$kind", (long)enrollment.Kind),
            ("$key", Keys.Of(enrollment.Id))).ExecuteScalar()!,
        cancellationToken);

    public Task<IReadOnlyList<string>> ListUnknownAsync(EnrollmentKey enrollment, string? after, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            session =>
            {
                using var rows = session.Prepared(
                    $"""
                    SELECT r.key FROM registration r WHERE r.enrollment_kind = $kind AND r.enrollment_key = $key AND r.key > $after AND {IsUnknown}
                    ORDER BY r.key LIMIT $max
                    """,
                    ("$kind", (long)enrollment.Kind),
                    ("$key", Keys.Of(enrollment.Id)),
                    ("$after", Keys.Of(after ?? "")),
                    ("$max", (long)max)).ExecuteReader();
                var devices = new List<string>();
                while (rows.Read())
                {
                    devices.Add(rows.GetString(0));
                }

                return devices;
            },
            cancellationToken);

    // From one class to the next by the index, without counting what lies between.
    private static List<ChainLot> ListClasses(SqlSession session)
    {
        var lots = new List<ChainLot>();
        var (number, hub) = (-1L, "");
        while (true)
        {
            using (var next = session.Prepared(
                "SELECT class, hub FROM device_chain WHERE standing = 0 AND (class, hub) > ($class, $hub) ORDER BY class, hub LIMIT 1",
                ("$class", number),
                ("$hub", hub)).ExecuteReader())
            {
                if (!next.Read())
                {
                    return lots;
                }

                (number, hub) = (next.GetInt64(0), next.GetString(1));
            }

            var last = (long)session.Prepared(
                "SELECT last_day FROM device_chain WHERE standing = 0 AND class = $class AND hub = $hub ORDER BY last_day DESC LIMIT 1",
                ("$class", number),
                ("$hub", hub)).ExecuteScalar()!;
            lots.Add(new ChainLot(number, hub.Length == 0 ? null : hub, Epoch.AddDays((int)last), 0, 0));
        }
    }

    // The last day goes with the end of the leaf: one tuple says where to begin, and the index goes there at once.
    private static (string Name, object? Value)[] Parameters(LotRange range, SeenDevice? after, int max)
    {
        var (end, device) = after is not null && after.LeafEnd >= range.From ? (after.LeafEnd.UtcTicks, after.Device) : (range.From.UtcTicks, "");
        return
        [
            ("$class", range.Class),
            ("$hub", range.Hub ?? ""),
            ("$day", end / TimeSpan.TicksPerDay),
            ("$end", end),
            ("$device", device),
            ("$until", range.Until.UtcTicks),
            ("$max", (long)max),
        ];
    }

    private static List<ChainLot> ReadLots(DbCommand command)
    {
        using var rows = command.ExecuteReader();
        var lots = new List<ChainLot>();
        while (rows.Read())
        {
            var hub = rows.GetString(1);
            lots.Add(new ChainLot(
                rows.GetInt64(0), hub.Length == 0 ? null : hub, Epoch.AddDays((int)rows.GetInt64(2)), rows.GetInt64(3), rows.GetInt64(4)));
        }

        return lots;
    }

    private static List<PresentedChain> ReadChains(SqlSession session, DbCommand command)
    {
        var rows = new List<(string Name, string Hub, byte[] Leaf, byte[] Issuers, byte[]? Der, string? Group)>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                rows.Add((
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetFieldValue<byte[]>(2),
                    reader.GetFieldValue<byte[]>(3),
                    reader.IsDBNull(4) ? null : reader.GetFieldValue<byte[]>(4),
                    reader.IsDBNull(5) ? null : reader.GetString(5)));
            }
        }

        var issuers = new Dictionary<Thumbprint, Certificate>();
        var groups = new RegisteredGroupRows(session);
        return
        [
            .. rows.Select(row => new PresentedChain(
                Keys.Registration(row.Name), Chain(session, Certificate(row.Leaf, row.Der), row.Issuers, issuers), row.Hub.Length == 0 ? null : row.Hub)
            {
                Group = groups.Find(row.Group),
            }),
        ];
    }

    private static CertificateChain Chain(SqlSession session, Certificate leaf, byte[] issuers, Dictionary<Thumbprint, Certificate> known)
    {
        var above = issuers.Chunk(Thumbprint.Length).Select(bytes => Thumbprint.FromBytes(bytes)).Select(
            thumbprint => known.TryGetValue(thumbprint, out var held) ? held : known[thumbprint] = Certificate(session, thumbprint.ToArray())).ToList();
        return CertificateChain.TryCreate(leaf, above, out var chain, out var refusal)
            ? chain
            : throw new InvalidDataException($"The database holds a chain that is none: {refusal.Detail}");
    }

    private static Certificate Certificate(SqlSession session, byte[] thumbprint) => Certificate(
        thumbprint, session.Prepared("SELECT der FROM presented_certificate WHERE thumbprint = $thumbprint", ("$thumbprint", thumbprint)).ExecuteScalar() as byte[]);

    private static Certificate Certificate(byte[] thumbprint, byte[]? der) => der is not null && X509.Certificate.TryParse(der, out var certificate, out _)
        ? certificate
        : throw new InvalidDataException($"The database does not hold the certificate {Convert.ToHexString(thumbprint)}, which a device presented.");
}
