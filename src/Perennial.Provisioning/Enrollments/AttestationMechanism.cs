using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>How the devices of an enrollment prove themselves.</summary>
public abstract record AttestationMechanism
{
    private const string CertificateWord = "X.509 certificate";

    private AttestationMechanism()
    {
    }

    /// <summary>Which it is, in a sentence.</summary>
    public abstract string Word { get; }

    /// <summary>The certificates that it holds, or that count by its references; none for a mechanism without.</summary>
    public virtual IEnumerable<(Slot Slot, Certificate Certificate)> Certificates => [];

    /// <summary>What a device that uses this slot is seen with; null when the slot is empty or proves nothing by itself.</summary>
    public abstract Thumbprint? AnchorOf(Slot slot);

    /// <summary>By certificates, of which one or both slots are set.</summary>
    public abstract record X509(CertificateSlots Slots) : AttestationMechanism
    {
        public override string Word => CertificateWord;

        public override IEnumerable<(Slot Slot, Certificate Certificate)> Certificates => Slots.Filled();

        public override Thumbprint? AnchorOf(Slot slot) => Slots[slot]?.Thumbprint;
    }

    /// <summary>The device presents exactly one of these leaves.</summary>
    public sealed record Leaves(CertificateSlots Slots) : X509(Slots);

    /// <summary>The device presents a leaf below one of these signing certificates.</summary>
    public sealed record Signers(CertificateSlots Slots) : X509(Slots);

    /// <summary>The device presents a leaf below one of these CA certificates of the service, by name; one or both are set, and they differ.</summary>
    public sealed record CaReferences(CaReference? Primary, CaReference? Secondary) : AttestationMechanism
    {
        public override string Word => CertificateWord;

        public override IEnumerable<(Slot Slot, Certificate Certificate)> Certificates =>
            from filled in Filled() where filled.Reference.Certificate is not null select (filled.Slot, filled.Reference.Certificate);

        public CaReference? this[Slot slot] => slot == Slot.Primary ? Primary : Secondary;

        public override Thumbprint? AnchorOf(Slot slot) => this[slot]?.Certificate?.Thumbprint;

        public IEnumerable<(Slot Slot, CaReference Reference)> Filled()
        {
            if (Primary is { } primary)
            {
                yield return (Slot.Primary, primary);
            }

            if (Secondary is { } secondary)
            {
                yield return (Slot.Secondary, secondary);
            }
        }
    }

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
