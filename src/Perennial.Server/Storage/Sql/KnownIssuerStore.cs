using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Known intermediates in SQL.</summary>
internal sealed class KnownIssuerStore(SqlDatabase database) : IKnownIssuerStore
{
    public Task<IReadOnlyList<Certificate>> FindAsync(DistinguishedName name, int max, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Certificate>>(session => Find(session, name, max), cancellationToken);

    /// <summary>Keeps the intermediates of an accepted chain.</summary>
    public static void Write(SqlSession session, CertificateChain chain, DateTimeOffset at)
    {
        foreach (var issuer in chain.Issuers.Where(certificate => certificate.IsCertificateAuthority))
        {
            session.Prepared(
                """
                INSERT INTO known_issuer (subject, thumbprint, known, der) VALUES ($subject, $thumbprint, $known, $der)
                ON CONFLICT (subject, thumbprint) DO NOTHING
                """,
                ("$subject", issuer.Subject.Key.ToArray()),
                ("$thumbprint", issuer.Thumbprint.ToArray()),
                ("$known", at.UtcTicks),
                ("$der", issuer.Der.ToArray())).ExecuteNonQuery();
        }
    }

    private static List<Certificate> Find(SqlSession session, DistinguishedName name, int max)
    {
        using var reader = session.Prepared(
            "SELECT der FROM known_issuer WHERE subject = $subject ORDER BY known LIMIT $max",
            ("$subject", name.Key.ToArray()),
            ("$max", max)).ExecuteReader();
        var found = new List<Certificate>();
        while (reader.Read())
        {
            if (Certificate.TryParse(reader.GetFieldValue<byte[]>(0), out var certificate, out _))
            {
                found.Add(certificate);
            }
        }

        return found;
    }
}
