using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;

namespace Perennial.Server.Http;

/// <summary>One kind of enrollment as the service API reads and writes it (dps-protocol §7.6).</summary>
internal abstract class EnrollmentForm
{
    public abstract EnrollmentKind Kind { get; }

    /// <summary>The first segment of its paths.</summary>
    public abstract string Path { get; }

    /// <summary>What <c>x-ms-item-type</c> says of its pages.</summary>
    public abstract string ItemType { get; }

    /// <summary>The member that holds the id.</summary>
    public abstract string IdField { get; }

    /// <summary>The members that a query may ask for.</summary>
    public abstract IReadOnlyList<string> QueryFields { get; }

    public EnrollmentKey? KeyOf(string id)
    {
        if (Kind == EnrollmentKind.Group)
        {
            return EnrollmentKey.TryGroup(id, out var group) ? group : null;
        }

        return RegistrationId.TryParse(id, out var registrationId) ? EnrollmentKey.Individual(registrationId) : null;
    }

    /// <summary>Reads a document into the draft it asks for, or says in one sentence why not.</summary>
    public abstract bool TryRead(
        ReadOnlySpan<byte> body, EnrollmentKey key, [NotNullWhen(true)] out EnrollmentDraft? draft, [NotNullWhen(false)] out string? fault);

    /// <param name="enrollment">The enrollment.</param>
    /// <param name="registration">The registration of an individual enrollment's device, if any.</param>
    /// <param name="withSecrets">Whether symmetric keys are shown: in the reply to a save, and never when an enrollment is read.</param>
    public abstract byte[] Write(Enrollment enrollment, Registration? registration, bool withSecrets);

    public abstract byte[] WriteMany(IReadOnlyList<(Enrollment Enrollment, Registration? Registration)> enrollments);
}
