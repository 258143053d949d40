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
        database.ReadAsync(session => BlockRows.FindOfIdentity(session, device, chain), cancellationToken);

    public Task<Block?> FindAsync(BlockKind kind, string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => BlockRows.Find(session, kind, name).FirstOrDefault(), cancellationToken);

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
            var standing = BlockRows.Find(session, block.Kind, block.Name).FirstOrDefault();
            if (standing is not null && IsSame(standing, block))
            {
                return false;
            }

            BlockRows.Upsert(session, block);
            if (block.IsCut)
            {
                DrainRows.Delete(session, block.Kind, block.Name);
            }

            // What is refused alone is judged alone from then on, and no longer with the others of its class.
            if (block.Kind is BlockKind.Certificate or BlockKind.Device)
            {
                DeviceChainRows.NoteBlocked(session, block);
            }

            AuditRow.Write(
                session, block.At, block.Actor, block.IsCut ? "credential.block" : "credential.drain", block.Describe(), standing is null ? null : Terms(standing), Terms(block));
            return true;
        },
        cancellationToken);

    public Task<bool> TryDeleteAsync(BlockKind kind, string name, string actor, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            var deleted = BlockRows.Delete(session, kind, name);
            if (deleted)
            {
                AuditRow.Write(session, time.GetUtcNow(), actor, "credential.unblock", $"{kind} '{name}'", before: null, after: null);
            }

            return deleted;
        },
        cancellationToken);

    public async Task<Certificate?> FindCertificateAsync(Thumbprint thumbprint, CancellationToken cancellationToken) =>
        await FindSeenAsync(thumbprint, cancellationToken)
        ?? (await new IssuerStore(database, time).ListAsync(cancellationToken))
            .SelectMany(slot => slot.Above.Append(slot.Certificate)).OfType<Certificate>().FirstOrDefault(certificate => certificate.Thumbprint == thumbprint);

    private Task<Certificate?> FindSeenAsync(Thumbprint thumbprint, CancellationToken cancellationToken) => database.ReadAsync(
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

    // Another reason does not make another block of it.
    private static bool IsSame(Block standing, Block block) => Terms(standing with { Reason = block.Reason }) == Terms(block);

    private static string Terms(Block block)
    {
        var terms = new JsonObject { ["reason"] = block.Reason, ["mode"] = block.IsCut ? "cut" : "drain" };
        if (block.Drain is { } drain)
        {
            terms["ratePerMinute"] = drain.RatePerMinute;
            terms["order"] = drain.Order.ToString();
            terms["first"] = string.Join(',', drain.First);
            terms["takesUnseen"] = drain.TakesUnseen;
        }

        return terms.ToJsonString();
    }
}
