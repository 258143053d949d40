namespace Perennial.Agent.Configuration;

/// <summary>The credential that the device was made with: a factory certificate with its key, or a symmetric key.</summary>
internal sealed record OnboardingSettings
{
    /// <summary>PEM, leaf first.</summary>
    public string? Certificate { get; init; }

    /// <summary>A file with the key as PEM, or a <c>pkcs11:</c> address.</summary>
    public string? Key { get; init; }

    /// <summary>A file with the base64 of the key that belongs to this device (for a group, the derived one).</summary>
    public string? SymmetricKeyFile { get; init; }

    /// <summary>Whether it may be used again when every operational certificate is refused.</summary>
    public bool LastResort { get; set; } = true;
}
