using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Allocation;

/// <summary>What a device is to be known by on its hub.</summary>
public abstract record HubCredential
{
    private HubCredential()
    {
    }

    /// <summary>The leaf that registered.</summary>
    public sealed record Leaf(Certificate Certificate) : HubCredential;

    /// <summary>The device's own two keys.</summary>
    public sealed record Keys(KeySlots Slots) : HubCredential;
}
