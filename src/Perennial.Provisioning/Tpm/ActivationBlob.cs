using System.Security.Cryptography;

namespace Perennial.Provisioning.Tpm;

/// <summary>
/// A symmetric key, wrapped so that only one TPM can take it in, and none gives it out: the key of the inner wrap is a credential for
/// its endorsement key, the outer wrap is to its storage root key (dps-protocol §4.3; TPM Library Specification, part 1, §23.3 and §24).
/// </summary>
public static class ActivationBlob
{
    private const int InnerKeyLength = 16;

    // userWithAuth, sign.
    private const uint Attributes = 0x0004_0040;

    public static byte[] Wrap(TpmPublic endorsementKey, TpmPublic storageRootKey, SymmetricKey key)
    {
        ArgumentNullException.ThrowIfNull(endorsementKey);
        ArgumentNullException.ThrowIfNull(storageRootKey);
        ArgumentNullException.ThrowIfNull(key);
        var innerKey = RandomNumberGenerator.GetBytes(InnerKeyLength);
        var identity = ProtectedSeed.For(endorsementKey, "IDENTITY");
        var credential = identity.Seal(TpmBuffer.Sized(innerKey), storageRootKey.Name);

        var seedValue = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
        var area = PublicArea(SHA256.HashData([.. seedValue, .. key.Bytes.Span]));
        byte[] name = [.. TpmBuffer.UInt16(TpmAlgorithm.Sha256), .. SHA256.HashData(area)];
        var duplication = ProtectedSeed.For(storageRootKey, "DUPLICATE");
        var duplicate = duplication.Seal(InnerWrap(Sensitive(seedValue, key), name, innerKey), name);

        return
        [
            .. TpmBuffer.Sized(credential), .. TpmBuffer.Sized(identity.Secret),
            .. TpmBuffer.Sized(duplicate), .. TpmBuffer.Sized(duplication.Secret),
            .. TpmBuffer.Sized(area), .. TpmBuffer.Sized([]),
        ];
    }

    // TPMT_PUBLIC of a keyed hash for HMAC with SHA-256, without a policy.
    private static byte[] PublicArea(byte[] unique) =>
    [
        .. TpmBuffer.UInt16(TpmAlgorithm.KeyedHash), .. TpmBuffer.UInt16(TpmAlgorithm.Sha256), .. TpmBuffer.UInt32(Attributes),
        .. TpmBuffer.Sized([]), .. TpmBuffer.UInt16(TpmAlgorithm.Hmac), .. TpmBuffer.UInt16(TpmAlgorithm.Sha256), .. TpmBuffer.Sized(unique),
    ];

    // TPM2B_SENSITIVE without an authorisation value.
    private static byte[] Sensitive(byte[] seedValue, SymmetricKey key) => TpmBuffer.Sized(
    [
        .. TpmBuffer.UInt16(TpmAlgorithm.KeyedHash), .. TpmBuffer.Sized([]), .. TpmBuffer.Sized(seedValue), .. TpmBuffer.Sized(key.Bytes.Span),
    ]);

    private static byte[] InnerWrap(byte[] sensitive, byte[] name, byte[] innerKey) =>
        ProtectedSeed.Cfb(innerKey, [.. TpmBuffer.Sized(SHA256.HashData([.. sensitive, .. name])), .. sensitive]);
}
