using Perennial.Provisioning;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>The key by which an enrollment last accepted a device that showed a token.</summary>
/// <param name="Device">As the device spells itself.</param>
/// <param name="Key">The fingerprint of the key in the enrollment's slot: the device's own, or the one that the device's is derived from.</param>
/// <param name="Enrollment">The enrollment that held it.</param>
/// <param name="Hub">The hub of this service that has an identity of the device, told apart by whether that follows the enrollment; null when there is none.</param>
public sealed record PresentedKey(RegistrationId Device, Thumbprint Key, EnrollmentKey Enrollment, string? Hub)
{
    /// <summary>The group that the device registered through.</summary>
    public RegisteredGroup Group { get; init; } = RegisteredGroup.None;

    /// <summary>Whether it is judged alone: an individual enrollment decides about the device, or the device is blocked.</summary>
    public bool IsAlone { get; init; }
}
