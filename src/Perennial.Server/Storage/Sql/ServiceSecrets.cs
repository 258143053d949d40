using System.Security.Cryptography;

namespace Perennial.Server.Storage.Sql;

/// <summary>Secrets that the service makes for itself at its first start.</summary>
internal static class ServiceSecrets
{
    /// <summary>From which the keys of devices with a TPM are made.</summary>
    public const string TpmKeys = "tpm-keys";

    /// <summary>By which reports of rolls are signed, PKCS #8.</summary>
    public const string ProofKey = "proof-key";

    /// <summary>The stored secret of this name; a new one is made and stored when there is none.</summary>
    public static Task<byte[]> OpenAsync(SqlDatabase database, string name, int length) => OpenAsync(database, name, () => RandomNumberGenerator.GetBytes(length));

    /// <summary>The same, for a secret that is more than random bytes.</summary>
    public static Task<byte[]> OpenAsync(SqlDatabase database, string name, Func<byte[]> make)
    {
        var fresh = make();
        return database.WriteAsync(
            session =>
            {
                session.Prepared(
                    "INSERT INTO service_secret (name, value) VALUES ($name, $value) ON CONFLICT (name) DO NOTHING",
                    ("$name", name),
                    ("$value", fresh)).ExecuteNonQuery();
                return (byte[])session.Prepared("SELECT value FROM service_secret WHERE name = $name", ("$name", name)).ExecuteScalar()!;
            },
            CancellationToken.None);
    }
}
