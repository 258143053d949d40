using Perennial.Provisioning;
using Perennial.Provisioning.Blocks;
using Perennial.Provisioning.CaCertificates;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Impact;

/// <summary>Makes out what a wish of an operator would change of the trust in devices.</summary>
public sealed class PlanChange(IEnrollmentStore enrollments, ICaCertificateStore certificates)
{
    /// <summary>An enrollment is saved as this.</summary>
    public static TrustChange OfSave(Enrollment enrollment)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        return new TrustChange($"save the {enrollment.Key}", ProposedEnrollments.Saved(enrollment));
    }

    public static TrustChange OfDelete(EnrollmentKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new TrustChange($"delete the {key}", ProposedEnrollments.Deleted(key));
    }

    /// <summary>The certificate in one slot of an enrollment is retired.</summary>
    /// <param name="enrollment">The enrollment as it would be.</param>
    /// <param name="slot">The slot.</param>
    public static TrustChange OfRetirement(Enrollment enrollment, Slot slot)
    {
        ArgumentNullException.ThrowIfNull(enrollment);
        return OfSave(enrollment) with { Sentence = $"retire the {(slot == Slot.Primary ? "primary" : "secondary")} certificate of the {enrollment.Key}" };
    }

    /// <summary>An authority of this service is revoked.</summary>
    /// <param name="slot">The id of its slot.</param>
    public static TrustChange OfRevocation(string slot) => new($"revoke the issuer slot '{slot}'", ProposedEnrollments.None) { RevokedSlot = slot };

    /// <summary>A credential is blocked.</summary>
    /// <param name="block">The block.</param>
    /// <param name="device">The one device that it is about; null for an issuer.</param>
    public static TrustChange OfBlock(Block block, RegistrationId? device)
    {
        ArgumentNullException.ThrowIfNull(block);
        return new TrustChange($"{(block.IsCut ? "block" : "drain")} the {block.Describe()}", ProposedEnrollments.None) { Block = block, Blocked = device };
    }

    /// <summary>A block is taken away.</summary>
    /// <param name="block">The block.</param>
    /// <param name="device">The one device that it is about; null for an issuer or a group.</param>
    public static TrustChange OfUnblock(Block block, RegistrationId? device)
    {
        ArgumentNullException.ThrowIfNull(block);
        return new TrustChange($"take the block of the {block.Describe()} away", ProposedEnrollments.None) { Lifted = block, Blocked = device };
    }

    /// <summary>A CA certificate is deleted: the groups that refer to it stop matching by it.</summary>
    public Task<TrustChange> OfDeleteAsync(CaCertificate certificate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return OfReferenceAsync(
            $"delete the CA certificate '{certificate.Name}'", new CaReference(certificate.Name, Stored: null, IsVerified: false), cancellationToken);
    }

    /// <summary>A CA certificate is saved under a name.</summary>
    public Task<TrustChange> OfSaveAsync(string name, Certificate certificate, bool isVerified, CancellationToken cancellationToken) =>
        OfReferenceAsync($"save the CA certificate '{name}'", new CaReference(name, certificate, isVerified), cancellationToken);

    private async Task<TrustChange> OfReferenceAsync(string sentence, CaReference reference, CancellationToken cancellationToken)
    {
        var changed = new List<Enrollment>();
        foreach (var key in await certificates.FindReferencesAsync(reference.Name, cancellationToken))
        {
            if (await enrollments.FindAsync(key, cancellationToken) is { Mechanism: AttestationMechanism.CaReferences references } group)
            {
                changed.Add(group with { Mechanism = new AttestationMechanism.CaReferences(Changed(references.Primary), Changed(references.Secondary)) });
            }
        }

        return new TrustChange(sentence, ProposedEnrollments.Saved(changed));

        CaReference? Changed(CaReference? held) => held?.HasName(reference.Name) == true ? reference with { Name = held.Name } : held;
    }
}
