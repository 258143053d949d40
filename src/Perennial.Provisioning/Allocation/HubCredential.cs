using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Provisioning.Allocation;

/// <summary>What a device is to be known by on its hub.</summary>
public abstract record HubCredential
{
    private HubCredential()
    {
    }

    /// <param name="Certificate">The leaf that registered, or the only one that the device was issued.</param>
    /// <param name="Next">The leaf that the device was issued just now, which counts beside it; null for none.</param>
    public sealed record Leaf(Certificate Certificate, Certificate? Next) : HubCredential;

    /// <summary>The device's own two keys.</summary>
    public sealed record Keys(KeySlots Slots) : HubCredential;
}
