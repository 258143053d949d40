namespace Perennial.Server.Audit;

/// <summary>Checks that no entry of the trail was changed, removed or inserted since it was written.</summary>
internal sealed class VerifyAudit(IAuditTrail trail)
{
    private const int Piece = 2_000;

    /// <param name="expected">A hash that was kept elsewhere and must be that of some entry; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AuditVerdict> RunAsync(ReadOnlyMemory<byte>? expected, CancellationToken cancellationToken)
    {
        var verdict = new AuditVerdict(0, 0, AuditChain.Start, null, expected is null ? null : expected.Value.Span.SequenceEqual(AuditChain.Start.Span));
        long after = 0;
        while (await trail.ReadAsync(after, Piece, cancellationToken) is { Count: > 0 } records)
        {
            foreach (var record in records)
            {
                verdict = Take(verdict, record, expected);
                if (verdict.Broken is not null)
                {
                    return verdict;
                }
            }

            after = records[^1].Number;
        }

        return verdict;
    }

    private static AuditVerdict Take(AuditVerdict verdict, AuditRecord record, ReadOnlyMemory<byte>? expected)
    {
        if (record.Hash is not { } hash)
        {
            // Rows without a hash are older than the chain; after its first link there can be none.
            return verdict.Entries == 0 ? verdict with { Unchained = verdict.Unchained + 1 } : verdict with { Broken = record.Number };
        }

        if (!hash.Span.SequenceEqual(AuditChain.Next(verdict.Head.Span, record.Entry)))
        {
            return verdict with { Broken = record.Number };
        }

        return verdict with
        {
            Entries = verdict.Entries + 1,
            Head = hash,
            HoldsExpected = expected is null ? null : verdict.HoldsExpected is true || hash.Span.SequenceEqual(expected.Value.Span),
        };
    }
}
