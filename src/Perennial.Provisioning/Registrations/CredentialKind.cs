namespace Perennial.Provisioning.Registrations;

/// <summary>By what a device proved itself when it registered.</summary>
public enum CredentialKind
{
    Certificate,
    SymmetricKey,
    Tpm,
}
