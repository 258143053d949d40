using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Allocation;

/// <summary>The device identity that a hub is asked to hold.</summary>
public sealed record HubAssignment
{
    /// <summary>The id on the hub, in the spelling of the first registration: hub ids are compared with case.</summary>
    public required string DeviceId { get; init; }

    /// <summary>As first spelled; for a device with a key as last spelled, since its key may be derived from the spelling.</summary>
    public required RegistrationId RegistrationId { get; init; }

    /// <summary>The enrollment that attests the device.</summary>
    public required EnrollmentKey Enrollment { get; init; }

    /// <summary>What the device is known by on the hub.</summary>
    public required HubCredential Credential { get; init; }

    public bool IsEdge { get; init; }

    /// <summary>The twin of a device identity that is made new.</summary>
    public InitialTwin? InitialTwin { get; init; }

    /// <summary>Where the identity has been until now, when that is another hub or another id: it moves, and leaves that place.</summary>
    public DeviceLocation? MoveFrom { get; init; }

    /// <summary>What came along from a hub that shares no storage with this one; <see cref="MoveFrom"/> is then null.</summary>
    public CarriedDevice? Carried { get; init; }

    /// <summary>On a move the twin comes along; otherwise it starts from <see cref="InitialTwin"/>.</summary>
    public bool KeepsTwin { get; init; } = true;
}
