using Perennial.Provisioning.Attestation;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;
namespace Perennial.Provisioning.Registrations;

/// <summary>What a device is told when it registers.</summary>
public abstract record RegistrationOutcome
{
    private RegistrationOutcome()
    {
    }

    /// <summary>The device has a hub and a device identity on it that works now.</summary>
    /// <param name="Registration">The record.</param>
    /// <param name="Issued">The leaf that the device was issued by this registration; null when it asked for none.</param>
    public sealed record Assigned(Registration Registration, IssuedLeaf? Issued) : RegistrationOutcome;

    /// <summary>The device is attested, and the certificate that it asked for is not issued. Nothing else was done.</summary>
    public sealed record NotIssued(Refusal Refusal) : RegistrationOutcome;

    /// <summary>The certificate that the device asked for cannot be issued now; the device may ask again.</summary>
    public sealed record NotYetIssued(Refusal Refusal, TimeSpan RetryAfter) : RegistrationOutcome;

    /// <summary>The credential was right and no hub could be assigned.</summary>
    public sealed record Failed(Registration Registration, Refusal Refusal) : RegistrationOutcome;

    /// <summary>The operation waits for a hub outside this process, or for a custom allocation; the device may ask again.</summary>
    public sealed record Assigning(string OperationId) : RegistrationOutcome;

    /// <summary>The nearest enrollment is disabled, or the credential is not accepted; see the verdict's refusal.</summary>
    public sealed record Refused(AttestationVerdict.Refused Verdict) : RegistrationOutcome;

    /// <summary>Other writes of the same record kept coming first; the device may try again.</summary>
    public sealed record Busy : RegistrationOutcome;
}
