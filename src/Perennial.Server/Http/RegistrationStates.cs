using Perennial.Protocol.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;

namespace Perennial.Server.Http;

/// <summary>Registrations as services read them (dps-protocol §7.6).</summary>
internal static class RegistrationStates
{
    public static RegistrationStateDocument From(Registration registration) => new()
    {
        RegistrationId = registration.Id.Value,
        CreatedDateTimeUtc = registration.Created,
        AssignedHub = registration.AssignedHub,
        DeviceId = registration.DeviceId,
        Status = RegistrationResults.From(registration.Status),
        Substatus = RegistrationResults.From(registration.Substatus),
        ErrorCode = registration.ErrorCode,
        ErrorMessage = registration.ErrorMessage,
        LastUpdatedDateTimeUtc = registration.LastUpdated,
        Etag = RegistrationETag.Format(registration.ETag),
        Payload = EnrollmentTerms.ToObject(registration.AllocationPayload ?? registration.Payload),
    };
}
