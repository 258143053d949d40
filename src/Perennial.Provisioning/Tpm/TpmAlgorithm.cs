namespace Perennial.Provisioning.Tpm;

/// <summary>Numbers of the TPM Library Specification, part 2.</summary>
internal static class TpmAlgorithm
{
    public const ushort Rsa = 0x0001;
    public const ushort Hmac = 0x0005;
    public const ushort Aes = 0x0006;
    public const ushort KeyedHash = 0x0008;
    public const ushort Sha256 = 0x000B;
    public const ushort Null = 0x0010;
    public const ushort Ecc = 0x0023;
    public const ushort Cfb = 0x0043;
    public const ushort NistP256 = 0x0003;
}
