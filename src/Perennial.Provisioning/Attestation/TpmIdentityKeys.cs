using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Perennial.Provisioning.Enrollments;

namespace Perennial.Provisioning.Attestation;

/// <summary>
/// The keys of devices with a TPM, made from a secret of this service: the same for an enrollment as long as it stands, and other ones
/// when it is deleted and made again. They leave the service only wrapped for the TPM.
/// </summary>
public sealed class TpmIdentityKeys(ReadOnlyMemory<byte> secret)
{
    /// <summary>Bytes of the secret.</summary>
    public const int SecretLength = 32;

    /// <summary>The key that the TPM holds, and a second one that nobody does.</summary>
    public KeySlots KeysOf(Enrollment enrollment, AttestationMechanism.Tpm mechanism)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        ArgumentNullException.ThrowIfNull(mechanism);
        return new KeySlots(Make(0), Make(1));

        SymmetricKey Make(byte number)
        {
            var created = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64BigEndian(created, enrollment.Created.UtcTicks);
            var id = Encoding.ASCII.GetBytes(enrollment.Key.Id.ToUpperInvariant());
            var bytes = HMACSHA256.HashData(secret.Span, [number, .. created, .. mechanism.EndorsementKey.Bytes.Span, .. id]);
            return SymmetricKey.TryCreate(bytes, out var key) ? key : throw new InvalidOperationException("An HMAC is a key.");
        }
    }
}
