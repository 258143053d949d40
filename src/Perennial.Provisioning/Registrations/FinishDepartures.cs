using Perennial.Provisioning.Allocation;

namespace Perennial.Provisioning.Registrations;

/// <summary>Deletes device identities from the hubs outside this process that they moved away from.</summary>
public sealed class FinishDepartures(IOperationStore operations, IRegistrationStore registrations, LinkedHubs hubs, RegistrationGate gate)
{
    private const int Batch = 100;

    /// <summary>Tries each once. What cannot be done now stays for the next time.</summary>
    /// <returns>How many stayed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var stayed = 0;
        IReadOnlyList<Departure> part = [];
        do
        {
            part = await operations.ListDeparturesAsync(part.Count == 0 ? null : part[^1], Batch, cancellationToken);
            foreach (var departure in part)
            {
                stayed += await TryFinishAsync(departure, cancellationToken) ? 0 : 1;
            }
        }
        while (part.Count == Batch);

        return stayed;
    }

    // A device that came back in the meantime stays.
    private async Task<bool> TryFinishAsync(Departure departure, CancellationToken cancellationToken)
    {
        using var turn = await gate.EnterAsync(departure.Registration, cancellationToken);
        var record = await registrations.FindAsync(departure.Registration, cancellationToken);
        var isBack = string.Equals(record?.AssignedHub, departure.HubHostName, StringComparison.OrdinalIgnoreCase)
            && string.Equals(record?.DeviceId, departure.DeviceId, StringComparison.Ordinal);
        try
        {
            if (!isBack && hubs.Find(departure.HubHostName) is { } hub)
            {
                await hub.RemoveAsync(departure.DeviceId, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is HubUnreachableException or HubRefusedException)
        {
            return false;
        }

        await operations.ForgetAsync(departure, cancellationToken);
        return true;
    }
}
