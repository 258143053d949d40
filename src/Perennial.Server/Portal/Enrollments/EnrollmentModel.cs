using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>What the page of one enrollment shows.</summary>
public sealed record EnrollmentModel
{
    public required Enrollment Enrollment { get; init; }

    /// <summary>The two slots, for an enrollment that attests by its own certificates; else none.</summary>
    public required IReadOnlyList<SlotModel> Slots { get; init; }

    /// <summary>The CA certificates that it refers to; null when it attests otherwise.</summary>
    public ReferencesModel? References { get; init; }

    /// <summary>Devices registered through it that were looked at.</summary>
    public required int Devices { get; init; }

    /// <summary>Whether those are all; else there are more.</summary>
    public required bool IsCounted { get; init; }

    /// <summary>Whom the change of slots touches; null when nothing is changed.</summary>
    public ImpactModel? Impact { get; init; }

    /// <summary>What disabling it would do, when that was asked for and somebody loses access.</summary>
    public ImpactModel? Disabling { get; init; }

    /// <summary>Hubs that can be chosen.</summary>
    public required IReadOnlyList<string> Hubs { get; init; }

    /// <summary>Names of certificate profiles that can be chosen.</summary>
    public required IReadOnlyList<string> Profiles { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool MayChange { get; init; }

    public string? Done { get; init; }

    public string? Fault { get; init; }

    public bool IsGroup => Enrollment.Key.Kind == EnrollmentKind.Group;

    public bool IsChanged => Slots.Any(slot => slot.IsChanged);

    /// <summary>Whether one certificate can be retired once all devices use the other.</summary>
    public bool CanRetire => Slots.Count == 2 && Slots.All(slot => slot.Current is not null) && !IsChanged;

    public string Path => EnrollmentPaths.Of(Enrollment.Key);
}
