namespace Perennial.Provisioning.Attestation;

/// <summary>
/// A peer whose proof speaks for the registration id that it announced: it holds the key of a leaf whose common name that is, or came
/// with a living token for it. Nothing is known yet about whether any enrollment takes it, nor which key signed the token. Only
/// <see cref="Authenticate"/> makes one.
/// </summary>
public sealed class AuthenticatedDevice
{
    internal AuthenticatedDevice(RegistrationId registrationId, DeviceProof proof)
    {
        RegistrationId = registrationId;
        Proof = proof;
    }

    /// <summary>The id as the device spelled it.</summary>
    public RegistrationId RegistrationId { get; }

    public DeviceProof Proof { get; }
}
