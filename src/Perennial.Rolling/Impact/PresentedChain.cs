using Perennial.Provisioning;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>The last chain of a device that an enrollment accepted.</summary>
/// <param name="Device">As the device spells itself.</param>
/// <param name="Chain">What it presented.</param>
/// <param name="Hub">The hub of this service that has an identity of the device, told apart by whether that follows the enrollment; null when there is none.</param>
public sealed record PresentedChain(RegistrationId Device, CertificateChain Chain, string? Hub)
{
    /// <summary>The group that the device registered through.</summary>
    public RegisteredGroup Group { get; init; } = RegisteredGroup.None;
}
