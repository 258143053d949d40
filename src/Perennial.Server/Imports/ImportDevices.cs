using System.Threading.Channels;

namespace Perennial.Server.Imports;

/// <summary>
/// Imports a factory's list as it is read: some rows are asked at a time, and their results are written in the order of the file. Run again,
/// it goes on: what is there already is unchanged.
/// </summary>
internal sealed class ImportDevices(IImportTarget target)
{
    private const int Together = 16;

    /// <param name="rows">The rows, read as they are asked for.</param>
    /// <param name="write">Takes each result, in the order of the rows.</param>
    /// <param name="cancellationToken">Stops; what was asked is still written.</param>
    /// <returns>How many rows came to each verdict.</returns>
    public async Task<IReadOnlyDictionary<ImportVerdict, long>> RunAsync(
        IAsyncEnumerable<ImportRow> rows, Func<ImportResult, Task> write, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = Channel.CreateBounded<Task<ImportResult>>(new BoundedChannelOptions(Together) { SingleReader = true, SingleWriter = true });
        var asking = AskAsync(rows, asked.Writer, stop.Token);
        var counts = Enum.GetValues<ImportVerdict>().ToDictionary(verdict => verdict, _ => 0L);
        try
        {
            await foreach (var answer in asked.Reader.ReadAllAsync(CancellationToken.None))
            {
                var result = await answer;
                await write(result);
                counts[result.Verdict]++;
            }

            await asking;
            return counts;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private async Task AskAsync(IAsyncEnumerable<ImportRow> rows, ChannelWriter<Task<ImportResult>> asked, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                await asked.WriteAsync(AskAsync(row, cancellationToken), cancellationToken);
            }

            asked.Complete();
        }
        catch (Exception fault)
        {
            asked.Complete(fault);
        }
    }

    private Task<ImportResult> AskAsync(ImportRow row, CancellationToken cancellationToken) => row is ImportRow.Faulty faulty
        ? Task.FromResult(new ImportResult(row.Line, row.Id, ImportVerdict.Refused, faulty.Fault))
        : target.EnrollAsync(row, cancellationToken);
}
