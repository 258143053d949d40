using Perennial.X509;

namespace Perennial.Server.Storage.Sqlite;

/// <summary>Known intermediates in SQLite.</summary>
internal sealed class KnownIssuerStore(SqliteDatabase database) : IKnownIssuerStore
{
    public Task<IReadOnlyList<Certificate>> FindAsync(DistinguishedName name, int max, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Certificate>>(database.Read(session => Find(session, name, max)));

    /// <summary>Keeps the intermediates of an accepted chain.</summary>
    public static void Write(SqliteSession session, CertificateChain chain, DateTimeOffset at)
    {
        foreach (var issuer in chain.Issuers.Where(certificate => certificate.IsCertificateAuthority))
        {
            session.Prepared(
                "INSERT OR IGNORE INTO known_issuer (subject, thumbprint, known, der) VALUES ($subject, $thumbprint, $known, $der)",
                ("$subject", issuer.Subject.Key.ToArray()),
                ("$thumbprint", issuer.Thumbprint.ToArray()),
                ("$known", at.UtcTicks),
                ("$der", issuer.Der.ToArray())).ExecuteNonQuery();
        }
    }

    private static List<Certificate> Find(SqliteSession session, DistinguishedName name, int max)
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
