using Perennial.Hub.Devices;
using Perennial.Hub.Sessions;
using Perennial.Provisioning.Enrollments;
using Perennial.Provisioning.Registrations;
using Perennial.Rolling.Sightings;
using Perennial.Server.Portal.Layout;

namespace Perennial.Server.Portal.Registrations;

/// <summary>Everything that is known of one device.</summary>
public sealed record DeviceModel
{
    public required string Id { get; init; }

    /// <summary>Null for a device that never registered.</summary>
    public Registration? Registration { get; init; }

    /// <summary>The enrollment that it registered through; null when that is gone.</summary>
    public Enrollment? Enrollment { get; init; }

    public required IReadOnlyList<SlotLine> Slots { get; init; }

    /// <summary>Leaves that it obtained, the latest first.</summary>
    public required IReadOnlyList<IssuedLeaf> Leaves { get; init; }

    /// <summary>The hub of this process that holds its identity; null when none does.</summary>
    public string? Hub { get; init; }

    public DeviceIdentity? Identity { get; init; }

    public ConnectionState Connection { get; init; } = ConnectionState.Never;

    /// <summary>The chain that it presented last, the root on top.</summary>
    public required IReadOnlyList<TreeNode> Chain { get; init; }

    public DateTimeOffset? ChainAt { get; init; }

    /// <summary>Latest first.</summary>
    public required IReadOnlyList<SightingRecord> Sightings { get; init; }

    /// <summary>The rolls that it belongs to, the latest first.</summary>
    public IReadOnlyList<RolledDevice> Rolls { get; init; } = [];

    public required DateTimeOffset Now { get; init; }

    public bool MayChange { get; init; }

    public string? Done { get; init; }

    /// <summary>A change of the identity by which the device would lose access; null when none is asked for.</summary>
    public DeviceReview? Review { get; init; }

    public string Path => DevicePaths.Of(Id);
}
