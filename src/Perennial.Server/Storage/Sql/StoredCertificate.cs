using Perennial.X509;

namespace Perennial.Server.Storage.Sql;

/// <summary>Certificates that were parsed before they were stored.</summary>
internal static class StoredCertificate
{
    public static Certificate Read(byte[] der) => Certificate.TryParse(der, out var certificate, out var refusal)
        ? certificate
        : throw new InvalidDataException($"The database holds a certificate that cannot be read: {refusal.Detail}");
}
