using Perennial.Provisioning;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>The last chain of a device that an enrollment accepted.</summary>
/// <param name="Device">As the device spells itself.</param>
/// <param name="Chain">What it presented.</param>
/// <param name="Hub">The name of the hub whose identity of the device follows its enrollment; null when there is none.</param>
public sealed record PresentedChain(RegistrationId Device, CertificateChain Chain, string? Hub);
