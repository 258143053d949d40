using System.Collections.Frozen;

namespace Perennial.Provisioning.Enrollments;

/// <summary>Enrollments as they would be after a change that is not made: null stands for one that would be deleted.</summary>
public sealed class ProposedEnrollments
{
    private readonly FrozenDictionary<EnrollmentKey, Enrollment?> _proposed;

    private ProposedEnrollments(IEnumerable<KeyValuePair<EnrollmentKey, Enrollment?>> proposed) => _proposed = proposed.ToFrozenDictionary();

    public static ProposedEnrollments None { get; } = new([]);

    public bool IsEmpty => _proposed.Count == 0;

    public IReadOnlyList<EnrollmentKey> Keys => _proposed.Keys;

    /// <summary>The groups that would stand.</summary>
    public IEnumerable<Enrollment> Groups => _proposed.Values.OfType<Enrollment>().Where(enrollment => enrollment.Key.Kind == EnrollmentKind.Group);

    public static ProposedEnrollments Saved(params IEnumerable<Enrollment> enrollments) =>
        new(enrollments.Select(enrollment => KeyValuePair.Create(enrollment.Key, (Enrollment?)enrollment)));

    public static ProposedEnrollments Deleted(params IEnumerable<EnrollmentKey> keys) => new(keys.Select(key => KeyValuePair.Create(key, (Enrollment?)null)));

    public bool Concerns(EnrollmentKey key) => _proposed.ContainsKey(key);

    /// <summary>The enrollment as it would be; what is stored where nothing is proposed.</summary>
    public Enrollment? Instead(EnrollmentKey key, Enrollment? stored) => _proposed.TryGetValue(key, out var proposed) ? proposed : stored;
}
