using Perennial.Server.Remote;

namespace Perennial.Server.Diagnosis;

/// <summary>A server elsewhere, as far as it can be seen from here: its port, its certificate, its clock, the login's rights.</summary>
internal sealed class CheckRemote(ServiceConnection connection, TimeProvider time)
{
    public async IAsyncEnumerable<Finding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await new CheckTls(connection.Address, time).RunAsync($"HTTPS port {connection.Address.Port}", connection.Provisioning.Host, cancellationToken);
        var (finding, date) = await AskAsync(cancellationToken);
        yield return finding;
        if (CheckLinkedHubs.Clock($"{connection.Address}", date, time.GetUtcNow()) is { } clock)
        {
            yield return clock;
        }
        else if (date is not null)
        {
            yield return Finding.Ok("clock", "agrees with the server's");
        }
    }

    private async Task<(Finding Finding, DateTimeOffset? Date)> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await connection.Provisioning.DemandAsync(RestNoun.Enrollment.Query("*") with { PageSize = 1 }, cancellationToken);
            return (Finding.Ok("login", "the server takes its key"), answer.Date);
        }
        catch (Instances.OperatorException exception)
        {
            return (Finding.Fail("login", exception.Message), null);
        }
    }
}
