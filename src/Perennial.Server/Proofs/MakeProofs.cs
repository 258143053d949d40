using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Authority.Proofs;
using Perennial.Server.Logging;
using Perennial.Server.Storage;
using Perennial.Server.Storage.Sql;

namespace Perennial.Server.Proofs;

/// <summary>Makes the report of each roll that ended, signs and keeps it.</summary>
internal sealed partial class MakeProofs(SqlDatabase database, ProofStore store, BuildProof build, ILogger<MakeProofs> logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Makes those that are missing.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var roll in await store.ListOpenAsync(cancellationToken))
        {
            using var key = ProofKey.Open(await ServiceSecrets.OpenAsync(database, ServiceSecrets.ProofKey, ProofKey.Make));
            var report = await build.RunAsync(roll, cancellationToken);
            var proof = SignedProof.Sign(report, key);
            await store.TrySaveAsync(roll, (string)proof["sha256"]!, key.Id, proof.ToJsonString(), ProofPage.Of(proof), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await TryAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunOnceAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or StorageUnavailableException))
        {
            LogFailed(exception);
        }
        catch (StorageUnavailableException)
        {
            // The next look finds it again.
        }
    }

    [LoggerMessage(LogIds.ProofNotMade, LogLevel.Error, "The report of a roll could not be made; it is tried again")]
    private partial void LogFailed(Exception exception);
}
