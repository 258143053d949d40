namespace Perennial.Provisioning.Registrations;

/// <summary>Storage of what is under way with hubs outside this process. A committed registration record ends the operation of its device.</summary>
public interface IOperationStore
{
    Task<PendingOperation?> FindAsync(RegistrationId id, CancellationToken cancellationToken);

    /// <summary>Keeps the operation, in place of one before.</summary>
    Task BeginAsync(PendingOperation operation, CancellationToken cancellationToken);

    /// <summary>Ends the operation without a record, when it is still this one.</summary>
    Task EndAsync(PendingOperation operation, CancellationToken cancellationToken);

    /// <summary>To be written with the record: the identity is to leave a hub.</summary>
    IPendingWrite Depart(Departure departure);

    /// <summary>To be written with the record: the identity is on this hub and stays.</summary>
    IPendingWrite Arrive(string hubHostName, string deviceId);

    /// <summary>Departures after one, by hub and device; the first ones for null.</summary>
    Task<IReadOnlyList<Departure>> ListDeparturesAsync(Departure? after, int max, CancellationToken cancellationToken);

    Task ForgetAsync(Departure departure, CancellationToken cancellationToken);
}
