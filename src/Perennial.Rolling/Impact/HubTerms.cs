namespace Perennial.Rolling.Impact;

/// <summary>What the hub of a device asks at each connect.</summary>
public enum HubTerms
{
    /// <summary>It is none of this service: nothing is known of it.</summary>
    Elsewhere,

    /// <summary>The device's enrollment.</summary>
    Enrollment,

    /// <summary>A credential of the identity's own, and what is blocked; the enrollment only counts when the device registers.</summary>
    Credential,
}
