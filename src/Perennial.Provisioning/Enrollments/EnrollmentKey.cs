using Perennial.Provisioning.Blocks;

namespace Perennial.Provisioning.Enrollments;

/// <summary>The identity of an enrollment. Ids are compared without case; the first spelling is kept for display.</summary>
public sealed record EnrollmentKey
{
    /// <summary>The longest id, in characters (dps-protocol §5.6).</summary>
    public const int MaxIdLength = 128;

    private EnrollmentKey(EnrollmentKind kind, string id)
    {
        Kind = kind;
        Id = id;
    }

    public EnrollmentKind Kind { get; }

    /// <summary>The registration id of an individual enrollment, or the enrollment group id, as first spelled.</summary>
    public string Id { get; }

    public static EnrollmentKey Individual(RegistrationId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new EnrollmentKey(EnrollmentKind.Individual, id.Value);
    }

    /// <summary>Reads a group id: the same characters as a registration id (dps-protocol §5.6).</summary>
    public static bool TryGroup(string? id, [NotNullWhen(true)] out EnrollmentKey? key)
    {
        key = RegistrationId.TryParse(id, out var parsed) ? new EnrollmentKey(EnrollmentKind.Group, parsed.Value) : null;
        return key is not null;
    }

    /// <summary>Whether the block refuses all that this enrollment takes.</summary>
    public bool IsRefusedBy(Block block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return block.Kind == BlockKind.Group && Kind == EnrollmentKind.Group && string.Equals(block.Name, Id, StringComparison.OrdinalIgnoreCase);
    }

    public bool Equals(EnrollmentKey? other) =>
        other is not null && Kind == other.Kind && string.Equals(Id, other.Id, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => HashCode.Combine(Kind, StringComparer.OrdinalIgnoreCase.GetHashCode(Id));

    public override string ToString() =>
        Kind == EnrollmentKind.Individual ? $"individual enrollment '{Id}'" : $"enrollment group '{Id}'";
}
