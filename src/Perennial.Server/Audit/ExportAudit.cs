using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Perennial.Server.Tables;

namespace Perennial.Server.Audit;

/// <summary>Writes the whole trail, earliest entry first, in pieces: what is written can be checked without the database.</summary>
internal sealed class ExportAudit(IAuditTrail trail)
{
    private const int Piece = 1_000;

    private static readonly byte[] Heading = "number,at,actor,action,subject,before,after,hash\r\n"u8.ToArray();

    /// <summary>One JSON object a line.</summary>
    public async Task WriteJsonAsync(Stream output, CancellationToken cancellationToken)
    {
        await foreach (var record in ReadAsync(cancellationToken))
        {
            await output.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(AuditLine.From(record), AuditLineJson.Default.AuditLine), cancellationToken);
            await output.WriteAsync("\n"u8.ToArray(), cancellationToken);
        }
    }

    /// <summary>Comma-separated values with a heading.</summary>
    public async Task WriteCsvAsync(Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(Heading, cancellationToken);
        await foreach (var record in ReadAsync(cancellationToken))
        {
            var line = AuditLine.From(record);
            string?[] fields =
            [
                line.Number.ToString(CultureInfo.InvariantCulture), line.At.ToString("O", CultureInfo.InvariantCulture),
                line.Actor, line.Action, line.Subject, line.Before, line.After, line.Hash,
            ];
            await output.WriteAsync(Encoding.UTF8.GetBytes(TableLine.Of(fields) + "\r\n"), cancellationToken);
        }
    }

    private async IAsyncEnumerable<AuditRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long after = 0;
        while (await trail.ReadAsync(after, Piece, cancellationToken) is { Count: > 0 } records)
        {
            foreach (var record in records)
            {
                yield return record;
            }

            after = records[^1].Number;
        }
    }
}
