namespace Perennial.Server.Notices;

/// <summary>Storage of webhooks, and of what is told to them.</summary>
internal interface IWebhookStore
{
    /// <summary>All, by name; there are few.</summary>
    Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken);

    Task<Webhook?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Stores a webhook with an audit row. False when another one than expected is stored.</summary>
    /// <param name="webhook">With its new ETag.</param>
    /// <param name="expected">The ETag that must be stored now; null when there must be none.</param>
    /// <param name="actor">Who asked for it, for the audit row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> SaveAsync(Webhook webhook, string? expected, string actor, CancellationToken cancellationToken);

    /// <summary>Deletes a webhook, with an audit row; what waits for it is given up. False when there is none.</summary>
    Task<bool> DeleteAsync(string name, string actor, CancellationToken cancellationToken);

    /// <summary>Stores a notice, and a delivery of it for each enabled webhook that wants its kind. False when its subject was told before.</summary>
    /// <param name="notice">What is told.</param>
    /// <param name="only">The one webhook that is told; null for all that want it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> RaiseAsync(Notice notice, string? only, CancellationToken cancellationToken);

    /// <summary>Deliveries whose time has come: of each webhook at most so many, the longest due.</summary>
    Task<IReadOnlyList<Delivery>> DueAsync(DateTimeOffset now, int perWebhook, CancellationToken cancellationToken);

    /// <summary>Stores how a delivery stands after a try. One that was given up meanwhile stays so.</summary>
    Task NoteAsync(Delivery delivery, CancellationToken cancellationToken);

    /// <summary>The latest deliveries to a webhook, latest first.</summary>
    Task<IReadOnlyList<Delivery>> DeliveriesAsync(string webhook, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets notices that were made before a moment, with their deliveries.</summary>
    Task ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
