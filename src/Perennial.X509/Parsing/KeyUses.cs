namespace Perennial.X509.Parsing;

/// <summary>The uses of a key that a path depends on, as bits of the first octet of KeyUsage.</summary>
[Flags]
internal enum KeyUses
{
    None = 0,
    CertificateSigning = 0x04,
    DigitalSignature = 0x80,
}
