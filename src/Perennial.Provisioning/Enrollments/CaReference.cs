using Perennial.X509;

namespace Perennial.Provisioning.Enrollments;

/// <summary>A CA certificate of the service, referred to by its name, as it is now.</summary>
/// <param name="Name">As whoever refers to it spelled it; compared without case.</param>
/// <param name="Stored">The certificate under this name; null when there is none.</param>
/// <param name="IsVerified">Whether that certificate counts.</param>
public sealed record CaReference(string Name, Certificate? Stored, bool IsVerified)
{
    /// <summary>The certificate that devices chain to; null when there is none, or it is not verified.</summary>
    public Certificate? Certificate => IsVerified ? Stored : null;

    public bool HasName(string? name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    public bool Equals(CaReference? other) =>
        other is not null && HasName(other.Name) && Stored?.Thumbprint == other.Stored?.Thumbprint && IsVerified == other.IsVerified;

    public override int GetHashCode() => HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(Name), Stored?.Thumbprint, IsVerified);
}
