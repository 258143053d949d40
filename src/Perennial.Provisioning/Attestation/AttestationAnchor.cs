using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Attestation;

/// <summary>What in the slot of an enrollment took a device.</summary>
public abstract record AttestationAnchor
{
    private AttestationAnchor()
    {
    }

    /// <summary>Names what stood in the slot: a certificate's thumbprint, or a key's fingerprint.</summary>
    public abstract Thumbprint Thumbprint { get; }

    /// <summary>The leaf itself, or the signing certificate above it.</summary>
    public sealed record OfCertificate(Certificate Certificate) : AttestationAnchor
    {
        public override Thumbprint Thumbprint => Certificate.Thumbprint;
    }

    /// <summary>A leaf that the device obtained under the enrollment, in no slot of it.</summary>
    public sealed record OfIssuedLeaf(Certificate Leaf) : AttestationAnchor
    {
        public override Thumbprint Thumbprint => Leaf.Thumbprint;
    }

    /// <param name="Key">The key in the slot: the device's own, or the one that the device's is derived from.</param>
    /// <param name="OfDevice">The two keys of this device.</param>
    public sealed record OfKey(SymmetricKey Key, KeySlots OfDevice) : AttestationAnchor
    {
        public override Thumbprint Thumbprint => Key.Fingerprint;
    }
}
