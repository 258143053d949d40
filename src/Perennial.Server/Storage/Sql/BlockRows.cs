using System.Data.Common;
using Perennial.Provisioning.Blocks;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>The rows of blocks.</summary>
internal static class BlockRows
{
    private const string Columns = "kind, name, der, reason, actor, at";

    public static IReadOnlyList<Block> Find(SqlSession session, string device, CertificateChain? chain)
    {
        if (session.Prepared("SELECT 1 FROM block LIMIT 1").ExecuteScalar() is null)
        {
            return [];
        }

        var found = Read(
            session.Prepared(
                $"SELECT {Columns} FROM block WHERE (kind = 2 AND name = $device) OR (kind = 0 AND name = $leaf)",
                ("$device", Keys.Of(device)),
                ("$leaf", Keys.Of(chain?.Leaf.Thumbprint.ToString() ?? "-"))));
        foreach (var subject in chain is null ? [] : chain.Issuers.Prepend(chain.Leaf).Select(certificate => certificate.Issuer.Key).Distinct())
        {
            found.AddRange(Read(session.Prepared($"SELECT {Columns} FROM block WHERE subject = $subject", ("$subject", subject.ToArray()))));
        }

        return found;
    }

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
            });
        }

        return blocks;
    }

    public static List<Block> List(SqlSession session, long kind, string name, int max) => Read(session.Prepared(
        $"SELECT {Columns} FROM block WHERE (kind, name) > ($kind, $name) ORDER BY kind, name LIMIT $max",
        ("$kind", kind),
        ("$name", name),
        ("$max", (long)max)));

    public static bool TryInsert(SqlSession session, Block block) => session.Prepared(
        """
        INSERT INTO block (kind, name, subject, der, reason, actor, at) VALUES ($kind, $name, $subject, $der, $reason, $actor, $at)
        ON CONFLICT (kind, name) DO NOTHING
        """,
        ("$kind", (long)block.Kind),
        ("$name", Keys.Of(block.Name)),
        ("$subject", block.Issuer?.Subject.Key.ToArray()),
        ("$der", block.Issuer?.Der.ToArray()),
        ("$reason", block.Reason),
        ("$actor", block.Actor),
        ("$at", block.At.UtcTicks)).ExecuteNonQuery() == 1;

    private static Certificate Parse(byte[] der) => Certificate.TryParse(der, out var certificate, out _)
        ? certificate
        : throw new InvalidDataException("The database holds a blocked issuer that cannot be read.");
}
