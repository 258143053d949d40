using System.Text.Json.Nodes;
using Perennial.Protocol.Provisioning;
using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Levelling;
using WireStatus = Perennial.Protocol.Provisioning.RegistrationStatus;
using WireSubstatus = Perennial.Protocol.Provisioning.RegistrationSubstatus;

namespace Perennial.Server.Http;

/// <summary>Registrations as devices read them (dps-protocol §1.7).</summary>
internal static class RegistrationResults
{
    public static DeviceRegistrationResult From(Registration registration)
    {
        var isAssigned = registration.Status == Provisioning.Registrations.RegistrationStatus.Assigned;
        var group = registration.Enrollment.Kind == EnrollmentKind.Group ? registration.Enrollment.Id : null;
        return new DeviceRegistrationResult
        {
            X509 = registration.Credential.Kind == CredentialKind.Certificate ? new X509RegistrationResult { EnrollmentGroupId = group } : null,
            SymmetricKey = registration.Credential.Kind == CredentialKind.SymmetricKey
                ? new SymmetricKeyRegistrationResult { EnrollmentGroupId = group }
                : null,
            RegistrationId = registration.Id.Value,
            CreatedDateTimeUtc = registration.Created,
            AssignedHub = isAssigned ? registration.AssignedHub : null,
            DeviceId = isAssigned ? registration.DeviceId : null,
            Status = From(registration.Status),
            Substatus = isAssigned ? From(registration.Substatus) : null,
            ErrorCode = registration.ErrorCode,
            ErrorMessage = registration.ErrorMessage,
            LastUpdatedDateTimeUtc = registration.LastUpdated,
            Etag = RegistrationETag.Format(registration.ETag),
            Payload = isAssigned ? EnrollmentTerms.ToObject(registration.AllocationPayload) : null,
        };
    }

    /// <summary>The payload with the window beside what a custom allocation said, which has the last word.</summary>
    public static JsonObject? WithWindow(JsonObject? payload, RollWindow? window)
    {
        if (window is not { } told || payload?.ContainsKey(RollWindowDocument.Member) == true)
        {
            return payload;
        }

        var carrier = new RollWindowDocument { NotBefore = told.Begins, NotAfter = told.Ends }.ToCarrier();
        foreach (var (name, value) in payload ?? [])
        {
            carrier[name] = value?.DeepClone();
        }

        return carrier;
    }

    public static WireStatus From(Provisioning.Registrations.RegistrationStatus status) => status switch
    {
        Provisioning.Registrations.RegistrationStatus.Assigned => WireStatus.Assigned,
        Provisioning.Registrations.RegistrationStatus.Failed => WireStatus.Failed,
        Provisioning.Registrations.RegistrationStatus.Disabled => WireStatus.Disabled,
        _ => throw new InvalidOperationException($"Unknown status {status}."),
    };

    public static WireSubstatus From(Provisioning.Registrations.RegistrationSubstatus substatus) => substatus switch
    {
        Provisioning.Registrations.RegistrationSubstatus.InitialAssignment => WireSubstatus.InitialAssignment,
        Provisioning.Registrations.RegistrationSubstatus.DeviceDataMigrated => WireSubstatus.DeviceDataMigrated,
        Provisioning.Registrations.RegistrationSubstatus.DeviceDataReset => WireSubstatus.DeviceDataReset,
        Provisioning.Registrations.RegistrationSubstatus.ReprovisionedToInitialAssignment => WireSubstatus.ReprovisionedToInitialAssignment,
        _ => throw new InvalidOperationException($"Unknown substatus {substatus}."),
    };
}
