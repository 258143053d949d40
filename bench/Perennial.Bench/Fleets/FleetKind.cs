namespace Perennial.Bench.Fleets;

/// <summary>What is rolled.</summary>
internal enum FleetKind
{
    /// <summary>The leaves of devices with individual enrollments.</summary>
    Leaf,

    /// <summary>The intermediate that an enrollment group trusts.</summary>
    Intermediate,

    /// <summary>The root that an enrollment group trusts; devices send their intermediate along.</summary>
    Root,

    /// <summary>The issuing authority of the service, which signs what the devices ask it for.</summary>
    IssuingCa,
}
