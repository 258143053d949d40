using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Which enrollments a CA certificate counts for.</summary>
internal sealed class CaUseStore(SqlDatabase database)
{
    /// <summary>Groups that refer to it by name, and the one in whose slot it stands itself.</summary>
    public Task<IReadOnlyList<EnrollmentKey>> FindAsync(string name, Thumbprint thumbprint, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<EnrollmentKey>>(
            session =>
            [
                .. Read(session, "SELECT kind, key FROM enrollment_reference WHERE ca = $ca", ("$ca", Keys.Of(name)))
                    .Concat(Read(session, "SELECT kind, key FROM enrollment_certificate WHERE thumbprint = $thumbprint", ("$thumbprint", thumbprint.ToArray())))
                    .Distinct(),
            ],
            cancellationToken);

    private static List<EnrollmentKey> Read(SqlSession session, string sql, (string Name, object? Value) parameter)
    {
        using var row = session.Prepared(sql, parameter).ExecuteReader();
        var found = new List<EnrollmentKey>();
        while (row.Read())
        {
            found.Add(Keys.Enrollment((EnrollmentKind)row.GetInt32(0), row.GetString(1)));
        }

        return found;
    }
}
