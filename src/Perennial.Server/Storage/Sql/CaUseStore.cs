using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Where a CA certificate counts, and under which names it is uploaded.</summary>
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

    /// <summary>The names under which a certificate is uploaded, as they were spelled.</summary>
    public Task<IReadOnlyList<string>> FindNamesAsync(Certificate certificate, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<string>>(
        session => [.. Keyed(session, certificate).Select(key => CaCertificateStore.Find(session, key)?.Name).OfType<string>()], cancellationToken);

    private static List<string> Keyed(SqlSession session, Certificate certificate)
    {
        using var row = session.Prepared(
            "SELECT key FROM ca_certificate WHERE subject = $subject AND der = $der ORDER BY key",
            ("$subject", certificate.Subject.Key.ToArray()),
            ("$der", certificate.Der.ToArray())).ExecuteReader();
        var keys = new List<string>();
        while (row.Read())
        {
            keys.Add(row.GetString(0));
        }

        return keys;
    }

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
