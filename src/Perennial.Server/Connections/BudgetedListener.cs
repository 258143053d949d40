using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Perennial.Server.Connections;

/// <summary>
/// Accepts within the budget. What is over it is closed at once, one at a time, so that never more than one connection beyond the
/// budget is open; a failure to accept is waited out, never fatal.
/// </summary>
internal sealed class BudgetedListener(IConnectionListener inner, ConnectionBudget budget, ConnectionBudget share, TimeProvider time)
    : IConnectionListener
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ConnectionContext? connection;
            try
            {
                connection = await inner.AcceptAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or ObjectDisposedException))
            {
                await Task.Delay(Pause, time, cancellationToken);
                continue;
            }

            if (connection is null || TryTake())
            {
                return connection is null ? null : new BudgetedConnection(connection, Return);
            }

            connection.Abort();
            await connection.DisposeAsync();
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private bool TryTake()
    {
        if (!share.TryTake())
        {
            return false;
        }

        if (budget.TryTake())
        {
            return true;
        }

        share.Return();
        return false;
    }

    private void Return()
    {
        budget.Return();
        share.Return();
    }
}
