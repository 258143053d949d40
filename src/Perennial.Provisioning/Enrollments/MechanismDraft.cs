using Perennial.Provisioning.Tpm;
using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>The attestation mechanism that a caller asks for.</summary>
public abstract record MechanismDraft
{
    private MechanismDraft()
    {
    }

    /// <summary>The mechanism as it stands.</summary>
    public static MechanismDraft Of(AttestationMechanism mechanism)
    {
        return mechanism switch
        {
            AttestationMechanism.X509 { Slots: var slots } =>
                new X509(mechanism is AttestationMechanism.Signers, SlotOf(slots.Primary), SlotOf(slots.Secondary)),
            AttestationMechanism.CaReferences references => new CaReferences(references.Primary?.Name, references.Secondary?.Name),
            AttestationMechanism.SymmetricKeys { Slots: var keys } => new SymmetricKeys(keys.Primary, keys.Secondary),
            AttestationMechanism.Tpm tpm => new Tpm(tpm.EndorsementKey, tpm.StorageRootKey),
            _ => throw new ArgumentException($"Unknown mechanism {mechanism?.GetType().Name}.", nameof(mechanism)),
        };

        static SlotDraft SlotOf(Certificate? certificate) => certificate is null ? new SlotDraft.Empty() : new SlotDraft.Place(certificate);
    }

    /// <param name="HoldsSigners">True when the certificates sign leaves; false when they are leaves.</param>
    /// <param name="Primary">The primary slot.</param>
    /// <param name="Secondary">The secondary slot.</param>
    public sealed record X509(bool HoldsSigners, SlotDraft Primary, SlotDraft Secondary) : MechanismDraft;

    /// <summary>CA certificates of the service, by name; null leaves the slot empty.</summary>
    public sealed record CaReferences(string? Primary, string? Secondary) : MechanismDraft
    {
        public IEnumerable<string> Names => new[] { Primary, Secondary }.OfType<string>();
    }

    /// <summary>A key that is not given stays what is stored, or is made new (dps-protocol §4.2, §7.6).</summary>
    public sealed record SymmetricKeys(SymmetricKey? Primary, SymmetricKey? Secondary) : MechanismDraft;

    public sealed record Tpm(TpmPublic EndorsementKey, TpmPublic? StorageRootKey) : MechanismDraft;
}
