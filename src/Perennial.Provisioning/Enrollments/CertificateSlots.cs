using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>The primary and the secondary certificate of an enrollment; at least one is set and the two differ.</summary>
public sealed record CertificateSlots
{
    public CertificateSlots(Certificate? primary, Certificate? secondary)
    {
        if (primary is null && secondary is null)
        {
            throw new ArgumentException("An enrollment holds at least one certificate.", nameof(primary));
        }

        Primary = primary;
        Secondary = secondary;
    }

    public Certificate? Primary { get; }

    public Certificate? Secondary { get; }

    public Certificate? this[Slot slot] => slot == Slot.Primary ? Primary : Secondary;

    public IEnumerable<(Slot Slot, Certificate Certificate)> Filled()
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

    /// <summary>The slot that holds exactly this certificate, or null. The primary is named when both do.</summary>
    public Slot? SlotOf(Thumbprint thumbprint) =>
        Primary?.Thumbprint == thumbprint ? Slot.Primary
        : Secondary?.Thumbprint == thumbprint ? Slot.Secondary
        : null;

    public bool Equals(CertificateSlots? other) =>
        other is not null && Primary?.Thumbprint == other.Primary?.Thumbprint && Secondary?.Thumbprint == other.Secondary?.Thumbprint;

    public override int GetHashCode() => HashCode.Combine(Primary?.Thumbprint, Secondary?.Thumbprint);
}
