using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.Authority.Revocation;
using Perennial.Server.Logging;
using Perennial.Server.Storage;

namespace Perennial.Server.Hosting;

/// <summary>Looks every minute which revocation lists are due; a failure is told and tried again.</summary>
internal sealed partial class KeepRevocationLists(IIssuerStore issuers, IssueRevocationList list, ILogger<KeepRevocationLists> logger, TimeProvider time)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A key that stays away is told once, and again when something else is the matter with it.
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await IssueAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task IssueAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var slot in await issuers.ListAsync(stoppingToken))
            {
                await IssueAsync(slot, stoppingToken);
            }
        }
        catch (StorageUnavailableException)
        {
            // The outage is told by the database; the next minute tries again.
        }
    }

    private async Task IssueAsync(IssuerSlot slot, CancellationToken stoppingToken)
    {
        try
        {
            await list.RunAsync(slot.Id, stoppingToken);
            _told.Remove(slot.Id);
        }
        catch (KeyUnavailableException fault)
        {
            if (_told.GetValueOrDefault(slot.Id) != fault.Message)
            {
                _told[slot.Id] = fault.Message;
                LogKeyUnavailable(slot.IssuerName, slot.Id, fault.State, fault.Message);
            }
        }
        catch (Exception fault) when (fault is not (OperationCanceledException or StorageUnavailableException))
        {
            LogFailed(fault, slot.IssuerName, slot.Id);
        }
    }

    [LoggerMessage(LogIds.RevocationListFailed, LogLevel.Error, "The revocation list of issuer {Issuer}, slot {Slot}, cannot be signed: {State}: {Detail}")]
    private partial void LogKeyUnavailable(string issuer, string slot, KeyState state, string detail);

    [LoggerMessage(LogIds.RevocationListNotIssued, LogLevel.Error, "The revocation list of issuer {Issuer}, slot {Slot}, cannot be issued")]
    private partial void LogFailed(Exception fault, string issuer, string slot);
}
