using System.Data.Common;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of blocks.</summary>
internal static class BlockRows
{
    private const string Columns = "b.kind, b.name, b.der, b.reason, b.actor, b.at, b.rate, b.turns, b.names, b.unseen";

    /// <summary>What could concern a device that these enrollments could decide about.</summary>
    public static IReadOnlyList<Block> Find(SqlSession session, string device, CertificateChain? chain, EnrollmentCandidates candidates)
    {
        if (!HasAny(session))
        {
            return [];
        }

        var authorities = candidates.Groups.Append(candidates.Individual).OfType<Enrollment>()
            .SelectMany(enrollment => enrollment.Mechanism.Certificates).Select(filled => filled.Certificate)
            .Concat(candidates.Issued?.Record.Chain.Skip(1) ?? []);
        var found = FindCredentials(session, device, chain, authorities);
        var groups = candidates.Groups.Append(candidates.Issued?.Enrollment).OfType<Enrollment>().Select(enrollment => enrollment.Key);
        foreach (var group in groups.Where(key => key.Kind == EnrollmentKind.Group).Distinct())
        {
            found.AddRange(Find(session, BlockKind.Group, group.Id));
        }

        return found;
    }

    /// <summary>What could concern an identity that no enrollment decides about: of groups the one that its device registered through.</summary>
    public static IReadOnlyList<Block> FindOfIdentity(SqlSession session, string device, CertificateChain? chain)
    {
        if (!HasAny(session))
        {
            return [];
        }

        var found = FindCredentials(session, device, chain, []);
        found.AddRange(Read(session.Prepared(
            $"""
            SELECT {Columns} FROM registration r JOIN block b ON b.kind = 3 AND b.name = r.enrollment_key
            WHERE r.key = $device AND r.enrollment_kind = $kind
            """,
            ("$device", Keys.Of(device)),
            ("$kind", (long)EnrollmentKind.Group))));
        return found;
    }

    public static List<Block> Find(SqlSession session, BlockKind kind, string name) => Read(session.Prepared(
        $"SELECT {Columns} FROM block b WHERE b.kind = $kind AND b.name = $name", ("$kind", (long)kind), ("$name", Keys.Of(name))));

    public static List<Block> Read(DbCommand command)
    {
        using var rows = command.ExecuteReader();
        var blocks = new List<Block>();
        while (rows.Read())
        {
            blocks.Add(new Block
            {
                Kind = (BlockKind)rows.GetInt64(0),
                Name = rows.GetString(1),
                Issuer = rows.IsDBNull(2) ? null : Parse(rows.GetFieldValue<byte[]>(2)),
                Reason = rows.GetString(3),
                Actor = rows.GetString(4),
                At = new DateTimeOffset(rows.GetInt64(5), TimeSpan.Zero),
                Drain = rows.IsDBNull(6) ? null : ReadTerms(rows),
            });
        }

        return blocks;
    }

    public static List<Block> List(SqlSession session, long kind, string name, int max) => Read(session.Prepared(
        $"SELECT {Columns} FROM block b WHERE (b.kind, b.name) > ($kind, $name) ORDER BY b.kind, b.name LIMIT $max",
        ("$kind", kind),
        ("$name", name),
        ("$max", (long)max)));

    /// <summary>Drains whose devices are not in order yet.</summary>
    public static List<Block> ListUnordered(SqlSession session) =>
        Read(session.Prepared($"SELECT {Columns} FROM block b WHERE b.rate IS NOT NULL AND b.ordered IS NULL ORDER BY b.at"));

    /// <summary>Writes a block, or other terms of one that stands.</summary>
    public static void Upsert(SqlSession session, Block block) => session.Prepared(
        """
        INSERT INTO block (kind, name, subject, issuer_key, der, reason, actor, at, rate, turns, names, unseen)
        VALUES ($kind, $name, $subject, $key, $der, $reason, $actor, $at, $rate, $turns, $names, $unseen)
        ON CONFLICT (kind, name) DO UPDATE SET reason = excluded.reason, actor = excluded.actor, at = excluded.at, rate = excluded.rate,
            turns = excluded.turns, names = excluded.names, unseen = excluded.unseen, ordered = NULL, issuer_key = excluded.issuer_key
        """,
        ("$kind", (long)block.Kind),
        ("$name", Keys.Of(block.Name)),
        ("$subject", block.Issuer?.Subject.Key.ToArray()),
        ("$key", block.Issuer?.KeyThumbprint.ToArray()),
        ("$der", block.Issuer?.Der.ToArray()),
        ("$reason", block.Reason),
        ("$actor", block.Actor),
        ("$at", block.At.UtcTicks),
        ("$rate", (long?)block.Drain?.RatePerMinute),
        ("$turns", (long?)block.Drain?.Order),
        ("$names", block.Drain is { } drain ? string.Join(',', drain.First) : null),
        ("$unseen", block.Drain is null ? null : block.Drain.TakesUnseen ? 1L : 0L)).ExecuteNonQuery();

    public static bool Delete(SqlSession session, BlockKind kind, string name)
    {
        DrainRows.Delete(session, kind, name);
        return session.Prepared(
            "DELETE FROM block WHERE kind = $kind AND name = $name", ("$kind", (long)kind), ("$name", Keys.Of(name))).ExecuteNonQuery() == 1;
    }

    private static bool HasAny(SqlSession session) => session.Prepared("SELECT 1 FROM block LIMIT 1").ExecuteScalar() is not null;

    // An authority is blocked by its key, under whatever name a certificate has it; what nobody presents, and a leaf that stands by itself, by the name.
    private static List<Block> FindCredentials(SqlSession session, string device, CertificateChain? chain, IEnumerable<Certificate> authorities)
    {
        var found = Read(
            session.Prepared(
                $"SELECT {Columns} FROM block b WHERE (b.kind = 2 AND b.name = $device) OR (b.kind = 0 AND b.name = $leaf)",
                ("$device", Keys.Of(device)),
                ("$leaf", Keys.Of(chain?.Leaf.Thumbprint.ToString() ?? "-"))));
        var issuers = chain is null ? [] : Read(session.Prepared($"SELECT {Columns} FROM block b WHERE b.kind = 1 AND b.issuer_key IS NULL"));
        foreach (var subject in chain is null ? [] : chain.Issuers.Prepend(chain.Leaf).Select(certificate => certificate.Issuer.Key).Distinct())
        {
            issuers.AddRange(Read(session.Prepared($"SELECT {Columns} FROM block b WHERE b.subject = $subject", ("$subject", subject.ToArray()))));
        }

        foreach (var key in authorities.Concat(chain?.Issuers ?? []).Select(authority => authority.KeyThumbprint).Distinct())
        {
            issuers.AddRange(Read(session.Prepared($"SELECT {Columns} FROM block b WHERE b.kind = 1 AND b.issuer_key = $key", ("$key", key.ToArray()))));
        }

        return [.. found, .. issuers.DistinctBy(block => block.Name)];
    }

    private static DrainTerms ReadTerms(DbDataReader row) => new()
    {
        RatePerMinute = (int)row.GetInt64(6),
        Order = (DrainOrder)row.GetInt64(7),
        First = row.GetString(8).Split(',', StringSplitOptions.RemoveEmptyEntries),
        TakesUnseen = row.GetInt64(9) != 0,
    };

    private static Certificate Parse(byte[] der) => Certificate.TryParse(der, out var certificate, out _)
        ? certificate
        : throw new InvalidDataException("The database holds a blocked issuer that cannot be read.");
}
