using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>How the devices of an enrollment prove themselves.</summary>
public abstract record AttestationMechanism
{
    private AttestationMechanism()
    {
    }

    /// <summary>Which it is, in a sentence.</summary>
    public abstract string Word { get; }

    /// <summary>The certificates that it holds; none for a mechanism without.</summary>
    public IEnumerable<(Slot Slot, Certificate Certificate)> Certificates => this is X509 x509 ? x509.Slots.Filled() : [];

    /// <summary>What a device that uses this slot is seen with; null when the slot is empty or proves nothing by itself.</summary>
    public abstract Thumbprint? AnchorOf(Slot slot);

    /// <summary>By certificates, of which one or both slots are set.</summary>
    public abstract record X509(CertificateSlots Slots) : AttestationMechanism
    {
        public override string Word => "X.509 certificate";

        public override Thumbprint? AnchorOf(Slot slot) => Slots[slot]?.Thumbprint;
    }

    /// <summary>The device presents exactly one of these leaves.</summary>
    public sealed record Leaves(CertificateSlots Slots) : X509(Slots);

    /// <summary>The device presents a leaf below one of these signing certificates.</summary>
    public sealed record Signers(CertificateSlots Slots) : X509(Slots);

    /// <summary>The device signs its tokens with one of these keys; a device of a group with one derived from them.</summary>
    public sealed record SymmetricKeys(KeySlots Slots) : AttestationMechanism
    {
        public override string Word => "symmetric key";

        public override Thumbprint? AnchorOf(Slot slot) => Slots[slot].Fingerprint;
    }

    /// <summary>The device has the TPM with this endorsement key; when a storage root key is named, it uses that one.</summary>
    public sealed record Tpm(TpmPublic EndorsementKey, TpmPublic? StorageRootKey) : AttestationMechanism
    {
        public override string Word => "TPM";

        public override Thumbprint? AnchorOf(Slot slot) => null;
    }
}
