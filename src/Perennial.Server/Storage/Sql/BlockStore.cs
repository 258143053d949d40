using System.Globalization;
using System.Text.Json.Nodes;
using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Blocks in SQL.</summary>
internal sealed class BlockStore(SqlDatabase database, TimeProvider time) : IBlockStore
{
    public Task<IReadOnlyList<Block>> FindAsync(string device, CertificateChain? chain, CancellationToken cancellationToken) =>
        database.ReadAsync(session => BlockRows.Find(session, device, chain), cancellationToken);

    public Task<Page<Block>> ListAsync(PageRequest page, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var (kind, name) = page.After?.Split('/', 2) is [var number, var rest] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var read)
                ? (read, rest)
                : (-1, "");
            var found = BlockRows.List(session, kind, name, page.Size + 1);
            return found.Count > page.Size
                ? new Page<Block>([.. found.Take(page.Size)], string.Create(CultureInfo.InvariantCulture, $"{(int)found[page.Size - 1].Kind}/{found[page.Size - 1].Name}"))
                : new Page<Block>(found, null);
        },
        cancellationToken);

    public Task SaveAsync(Block block, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            if (!BlockRows.TryInsert(session, block))
            {
                return false;
            }

            // What is refused alone is judged alone from then on, and no longer with the others of its class.
            if (block.Kind != BlockKind.Issuer)
            {
                DeviceChainRows.NoteBlocked(session, block);
            }

            AuditRow.Write(
                session, block.At, block.Actor, "credential.block", block.Describe(), before: null, new JsonObject { ["reason"] = block.Reason }.ToJsonString());
            return true;
        },
        cancellationToken);

    public Task<bool> TryDeleteAsync(BlockKind kind, string name, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var deleted = session.Prepared(
                "DELETE FROM block WHERE kind = $kind AND name = $name", ("$kind", (long)kind), ("$name", Keys.Of(name))).ExecuteNonQuery() == 1;
            if (deleted)
            {
                AuditRow.Write(session, time.GetUtcNow(), actor, "credential.unblock", $"{kind} '{name}'", before: null, after: null);
            }

            return deleted;
        },
        cancellationToken);

    public Task<Certificate?> FindCertificateAsync(Thumbprint thumbprint, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Prepared(
            """
            SELECT der FROM presented_certificate WHERE thumbprint = $thumbprint
            UNION ALL SELECT der FROM enrollment_certificate WHERE thumbprint = $thumbprint
            UNION ALL SELECT der FROM known_issuer WHERE thumbprint = $thumbprint LIMIT 1
            """,
            ("$thumbprint", thumbprint.ToArray())).ExecuteScalar() is byte[] der && Certificate.TryParse(der, out var certificate, out _)
                ? certificate
                : null,
        cancellationToken);
}
