using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Perennial.Server.Metrics;

namespace Perennial.Server.Connections;

/// <summary>Listeners that hold no more connections than the budget allows, and say clearly why a port cannot be had.</summary>
internal sealed class BudgetedListenerFactory(
    IConnectionListenerFactory inner, ConnectionBudget budget, IReadOnlyList<ListenerShare> shares, Measures measures, TimeProvider time)
    : IConnectionListenerFactory
{
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var port = ((IPEndPoint)endpoint).Port;
        var share = shares.First(candidate => candidate.Port == port);
        try
        {
            var listener = await inner.BindAsync(endpoint, cancellationToken);
            var own = new ConnectionBudget(Math.Max(1, (int)(budget.Most * share.Fraction)));
            measures.ShowConnections(share.Purpose.ToLowerInvariant(), () => own.Held);
            return new BudgetedListener(listener, budget, own, time);
        }
        catch (AddressInUseException exception)
        {
            throw new PortUnavailableException(share, $"is in use by another program. Stop that one (ss -ltnp 'sport = :{port}' shows it)", exception);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new PortUnavailableException(
                share, $"may not be bound by this user. Allow it (sysctl -w net.ipv4.ip_unprivileged_port_start={port})", exception);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new PortUnavailableException(share, $"cannot be bound: {endpoint} is no address of this machine. Mend --bind", exception);
        }
    }
}
