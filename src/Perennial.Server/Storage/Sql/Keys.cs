using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Tpm;

namespace Perennial.Server.Storage.Sql;

/// <summary>Ids as they stand in key columns, public keys as they stand in documents, and back.</summary>
internal static class Keys
{
#pragma warning disable CA1308 // Key columns hold the lower case form.
    /// <summary>The key of an id that is compared without case.</summary>
    public static string Of(string id) => id.ToLowerInvariant();
#pragma warning restore CA1308

    public static EnrollmentKey Enrollment(EnrollmentKind kind, string id)
    {
        if (kind == EnrollmentKind.Individual)
        {
            return EnrollmentKey.Individual(Registration(id));
        }

        return EnrollmentKey.TryGroup(id, out var key) ? key : throw Corrupt(id);
    }

    public static RegistrationId Registration(string id) => RegistrationId.TryParse(id, out var parsed) ? parsed : throw Corrupt(id);

    /// <summary>A public key of a TPM, kept in base64.</summary>
    public static TpmPublic Tpm(string base64) => TpmPublic.TryParse(base64, out var key) ? key : throw Corrupt(base64);

    private static InvalidDataException Corrupt(string id) => new($"The database holds '{id}', which is not what should stand there.");
}
