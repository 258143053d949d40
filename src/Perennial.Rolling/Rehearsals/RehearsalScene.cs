using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Capacity;
using Perennial.Rolling.Rolls;
using Perennial.X509;

namespace Perennial.Rolling.Rehearsals;

/// <summary>What a rehearsal is played on: a copy of the state, and what is known and assumed of the fleet.</summary>
public sealed record RehearsalScene
{
    /// <summary>How long is rehearsed.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(365);

    public required Roll Roll { get; init; }

    /// <summary>The enrollments that the roll is about, by key: the group, those of the devices, or the groups that trust the old issuing authority.</summary>
    public required IReadOnlyList<Enrollment> Enrollments { get; init; }

    /// <summary>Of a roll of an issuing authority the two authorities; null for other kinds.</summary>
    public RehearsedIssuers? Issuers { get; init; }

    /// <summary>By id.</summary>
    public required IReadOnlyList<RehearsedDevice> Devices { get; init; }

    /// <summary>The leaf that devices will have, where their chains do not say it.</summary>
    public required NewLeaf Leaf { get; init; }

    public required DateTimeOffset Start { get; init; }

    /// <summary>What was measured or is allowed in a minute.</summary>
    public Capacities Capacities { get; init; } = new();

    /// <summary>What the service was measured to bear, to which the roll keeps its rate.</summary>
    public ServiceCapacity Measured { get; init; } = ServiceCapacity.Unknown;

    /// <summary>The most bytes of certificates that a device is known to hold, where its own chain shows no more.</summary>
    public int DeviceBuffer { get; init; } = 4096;

    /// <summary>Draws what is drawn.</summary>
    public int Seed { get; init; } = 1;

    public Enrollment? Group => Roll.Group is { } key ? Enrollments.FirstOrDefault(enrollment => enrollment.Key == key) : null;

    /// <summary>What is replaced, in words.</summary>
    internal string Signing => Issuers is null ? "signing certificate" : "issuing authority";

    /// <summary>The leaf that a device will have.</summary>
    public NewLeaf LeafOf(RehearsedDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.Prospect?.Leaf ?? Leaf;
    }

    /// <summary>The signing certificate that stands in a slot of the group, or of the issuing authority, by its thumbprint.</summary>
    public Certificate? Signer(Thumbprint? thumbprint) => thumbprint is null
        ? null
        : Issuers is { } issuers ? issuers.Find(thumbprint.Value) : Group?.Mechanism.Certificates.Select(filled => filled.Certificate).FirstOrDefault(certificate => certificate.Thumbprint == thumbprint);
}
