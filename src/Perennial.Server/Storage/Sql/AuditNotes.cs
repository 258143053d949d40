using Perennial.Server.Audit;

namespace Perennial.Server.Storage.Sql;

/// <summary>Rows of the audit trail that stand alone.</summary>
internal sealed class AuditNotes(SqlDatabase database, TimeProvider time) : IAuditNotes
{
    public Task NoteAsync(string actor, string action, string subject, CancellationToken cancellationToken) => database.WriteAsync(
        session =>
        {
            AuditRow.Write(session, time.GetUtcNow(), actor, action, subject, before: null, after: null);
            return true;
        },
        cancellationToken);
}
