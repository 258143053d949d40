using System.Data.Common;

namespace Perennial.Server.Storage.Copies;

/// <summary>Copies every record of one database into another, and compares the counts before it lasts.</summary>
/// <param name="schema">The tables.</param>
/// <param name="progress">Told of the table at hand, the rows copied and the rows there are.</param>
internal sealed class CopyDatabase(DatabaseSchema schema, Action<string, long, long> progress)
{
    private const int RowsBetweenReports = 10_000;

    /// <returns>Rows by table.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; the target is as it was.</exception>
    public IReadOnlyDictionary<string, long> Run(CopySource from, ICopyTarget to, CancellationToken cancellationToken)
    {
        from.Require(schema);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in schema.Tables)
        {
            var total = from.Count(table);
            using (var reader = from.Read(table))
            {
                to.Write(table, Rows(table, reader, total, cancellationToken));
            }

            var written = to.Count(table);
            if (written != total)
            {
                throw new InvalidDataException($"Of table {table.Name}, {written} rows of {total} arrived.");
            }

            progress(table.Name, total, total);
            counts.Add(table.Name, total);
        }

        cancellationToken.ThrowIfCancellationRequested();
        to.Commit();
        return counts;
    }

    private IEnumerable<object?[]> Rows(TableSchema table, DbDataReader reader, long total, CancellationToken cancellationToken)
    {
        var row = new object?[table.Columns.Count];
        for (var copied = 0L; reader.Read(); copied++)
        {
            if (copied % RowsBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress(table.Name, copied, total);
            }

            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : Value(reader, i, table.Columns[i].Kind);
            }

            yield return row;
        }
    }

    private static object Value(DbDataReader reader, int column, ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => reader.GetInt64(column),
        ColumnKind.Text => reader.GetString(column),
        ColumnKind.Bytes => reader.GetFieldValue<byte[]>(column),
        _ => reader.GetDouble(column),
    };
}
