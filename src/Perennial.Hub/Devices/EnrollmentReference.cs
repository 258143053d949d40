namespace Perennial.Hub.Devices;

/// <summary>The enrollment behind a device identity, as the hub remembers it. Ids are compared without case.</summary>
public sealed record EnrollmentReference(bool IsGroup, string Id)
{
    public bool Equals(EnrollmentReference? other) =>
        other is not null && IsGroup == other.IsGroup && string.Equals(Id, other.Id, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => HashCode.Combine(IsGroup, StringComparer.OrdinalIgnoreCase.GetHashCode(Id));

    public override string ToString() => IsGroup ? $"enrollment group '{Id}'" : $"individual enrollment '{Id}'";
}
