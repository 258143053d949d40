namespace Perennial.Server.Audit;

/// <summary>Writes rows of the trail for what an operator did that no store writes: acts that change no stored object.</summary>
internal interface IAuditNotes
{
    /// <param name="actor">Who did it.</param>
    /// <param name="action">The verb, for instance <c>device.disconnect</c>.</param>
    /// <param name="subject">The object's name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task NoteAsync(string actor, string action, string subject, CancellationToken cancellationToken);
}
