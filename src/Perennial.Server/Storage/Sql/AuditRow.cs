using Perennial.Server.Audit;

namespace Perennial.Server.Storage.Sql;

/// <summary>Writes the audit row that belongs to a change of trust, in the transaction of the change.</summary>
internal static class AuditRow
{
    /// <param name="session">The writer.</param>
    /// <param name="at">When the change was made.</param>
    /// <param name="actor">Who asked for it.</param>
    /// <param name="action">The verb, for instance <c>enrollment.save</c>.</param>
    /// <param name="subject">The object's name.</param>
    /// <param name="before">JSON of the object before, without secrets; null when it is new.</param>
    /// <param name="after">JSON of the object after, without secrets; null when it is gone.</param>
    public static void Write(
        SqlSession session, DateTimeOffset at, string actor, string action, string subject, string? before, string? after)
    {
        var previous = session.Prepared("SELECT hash FROM audit ORDER BY number DESC LIMIT 1").ExecuteScalar() as byte[];
        var hash = AuditChain.Next(previous ?? AuditChain.Start.Span, new AuditEntry(at, actor, action, subject, before, after));
        session.Prepared(
            "INSERT INTO audit (at, actor, action, subject, before, after, hash) VALUES ($at, $actor, $action, $subject, $before, $after, $hash)",
            ("$at", at.UtcTicks),
            ("$actor", actor),
            ("$action", action),
            ("$subject", subject),
            ("$before", before),
            ("$after", after),
            ("$hash", hash)).ExecuteNonQuery();
    }
}
