using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>One slot of an enrollment that attests by certificates: what stands there, and what is to.</summary>
public sealed record SlotModel
{
    public required Slot Slot { get; init; }

    /// <summary>Null when it is empty.</summary>
    public Certificate? Current { get; init; }

    /// <summary>What was picked to stand there; null when nothing was.</summary>
    public Certificate? Next { get; init; }

    /// <summary>Whether it is to be empty.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>Why the picked file is not taken.</summary>
    public string? Fault { get; init; }

    /// <summary>Devices whose last accepted handshake was by the current certificate.</summary>
    public int LastUsedBy { get; init; }

    /// <summary>For an individual enrollment: when its device last used the slot.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    public bool IsChanged => Next is not null || IsRemoved;

    /// <summary>What stands there after saving.</summary>
    public Certificate? After => Next ?? (IsRemoved ? null : Current);

    /// <summary>The name of the slot in forms.</summary>
    public string Name => Slot == Slot.Primary ? "primary" : "secondary";

    public string Title => Slot == Slot.Primary ? "Primary certificate" : "Secondary certificate";
}
