using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Certificates that accepted devices presented, by thumbprint.</summary>
internal sealed class PresentedStore(SqlDatabase database)
{
    /// <summary>Those that are kept; a certificate that was only ever refused is not.</summary>
    public Task<IReadOnlyDictionary<Thumbprint, Certificate>> FindAsync(IEnumerable<Thumbprint> thumbprints, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<Thumbprint, Certificate>>(
            session => thumbprints.Distinct().Select(thumbprint => Find(session, thumbprint)).OfType<Certificate>().ToDictionary(found => found.Thumbprint),
            cancellationToken);

    private static Certificate? Find(SqlSession session, Thumbprint thumbprint) =>
        session.Prepared("SELECT der FROM presented_certificate WHERE thumbprint = $thumbprint", ("$thumbprint", thumbprint.ToArray())).ExecuteScalar()
            is byte[] der && Certificate.TryParse(der, out var certificate, out _)
            ? certificate
            : null;
}
