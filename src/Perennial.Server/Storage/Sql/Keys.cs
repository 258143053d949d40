using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Storage.Sql;

/// <summary>Ids as they stand in key columns, and back.</summary>
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

    private static InvalidDataException Corrupt(string id) => new($"The database holds '{id}', which is not a valid id.");
}
