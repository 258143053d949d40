using Perennial.Provisioning.Attestation;
using Perennial.X509;
namespace Perennial.Provisioning.Registrations;

/// <summary>What a device is told when it registers.</summary>
public abstract record RegistrationOutcome
{
    private RegistrationOutcome()
    {
    }

    /// <summary>The device has a hub and a device identity on it that works now.</summary>
    public sealed record Assigned(Registration Registration) : RegistrationOutcome;

    /// <summary>The credential was right and no hub could be assigned.</summary>
    public sealed record Failed(Registration Registration, Refusal Refusal) : RegistrationOutcome;

    /// <summary>The operation waits for a hub outside this process, or for a custom allocation; the device may ask again.</summary>
    public sealed record Assigning(string OperationId) : RegistrationOutcome;

    /// <summary>The nearest enrollment is disabled, or the credential is not accepted; see the verdict's refusal.</summary>
    public sealed record Refused(AttestationVerdict.Refused Verdict) : RegistrationOutcome;

    /// <summary>Other writes of the same record kept coming first; the device may try again.</summary>
    public sealed record Busy : RegistrationOutcome;
}
